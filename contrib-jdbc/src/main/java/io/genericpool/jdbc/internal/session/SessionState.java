package io.genericpool.jdbc.internal.session;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The settings of a session, read once, when the connection is new: what each lease begins with. Immutable. */
@SuppressWarnings("EnumOrdinal") // one place per setting
public final class SessionState {
    private final @Nullable Object[] values = new Object[Setting.values().length];

    private SessionState() {}

    /** Reads what the session is now. */
    public static SessionState read(Connection raw, Predicate<? super SQLException> isGone) throws SQLException {
        var state = new SessionState();
        for (Setting setting : Setting.values()) {
            if (setting == Setting.AUTO_COMMIT) {
                state.values[setting.ordinal()] = raw.getAutoCommit(); // the one that is not optional
            } else if (!setting.isReadLate()) {
                state.values[setting.ordinal()] = setting.read(raw, isGone);
            }
        }
        return state;
    }

    /** The value, {@link Setting#NOT_TOLD}, or null where the driver says null. */
    @Nullable
    public Object value(Setting setting) {
        return values[setting.ordinal()];
    }

    /** The same with another network timeout. */
    public SessionState withNetworkTimeout(Object value) {
        var copy = new SessionState();
        System.arraycopy(values, 0, copy.values, 0, values.length);
        copy.values[Setting.NETWORK_TIMEOUT.ordinal()] = value;
        return copy;
    }

    /** False where the driver does not tell. */
    public boolean readOnly() {
        return Boolean.TRUE.equals(value(Setting.READ_ONLY));
    }

    public boolean autoCommit() {
        return Boolean.TRUE.equals(value(Setting.AUTO_COMMIT));
    }
}
