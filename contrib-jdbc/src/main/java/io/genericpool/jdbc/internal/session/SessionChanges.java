package io.genericpool.jdbc.internal.session;

import io.genericpool.jdbc.internal.driver.SqlStates;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which settings of its session a lease has changed, and how to set them back. A setting that the holder has set back is no
 * change. One whose setter the driver does not support has changed nothing; one whose setter has failed for another reason
 * may have, so that its value is asked for before it is set back.
 */
public final class SessionChanges {
    private static final int TRANSACTIONAL = transactional();

    private final SessionState before;
    private final Predicate<? super SQLException> isGone;
    private int changed;
    /** Of those that are changed: the last setter has failed. */
    private int doubtful;
    /** Anything can have been changed behind the view's back: the driver's connection was given out. */
    private boolean unknown;
    /** What was read late, of those that are changed. */
    private final Map<Setting, Object> readLate = new EnumMap<>(Setting.class);

    public SessionChanges(SessionState before, Predicate<? super SQLException> isGone) {
        this.before = before;
        this.isGone = isGone;
    }

    private static int transactional() {
        int bits = 0;
        for (Setting setting : Setting.values()) {
            bits |= setting.isTransactional() ? setting.bit() : 0;
        }
        return bits;
    }

    public boolean isEmpty() {
        return changed == 0 && !unknown;
    }

    public boolean isAnythingUnknown() {
        return unknown;
    }

    public void becomeUnknown() {
        unknown = true;
    }

    public boolean has(Setting setting) {
        return (changed & setting.bit()) != 0;
    }

    /** About to be set. */
    public void begin(Setting setting, Connection raw) throws SQLException {
        if (setting.isReadLate() && !has(setting)) {
            Object value = setting.read(raw, isGone);
            readLate.put(setting, value == null ? Setting.NOT_TOLD : value);
        }
        changed |= setting.bit();
    }

    /** Set to a value. */
    public void succeeded(Setting setting, @Nullable Object value) {
        doubtful &= ~setting.bit();
        if (Objects.equals(value, valueBefore(setting))) {
            changed &= ~setting.bit();
        }
    }

    /** Set to a value that cannot be compared. */
    public void succeeded(Setting setting) {
        doubtful &= ~setting.bit();
    }

    /**
     * Not set, or not known to be.
     *
     * @param changedBefore whether it had been changed before that
     */
    public void failed(Setting setting, boolean changedBefore, Throwable failure) {
        if (!SqlStates.saysUnsupported(failure)) {
            doubtful |= setting.bit();
        } else if (!changedBefore) {
            changed &= ~setting.bit();
        }
    }

    private @Nullable Object valueBefore(Setting setting) {
        return setting.isReadLate() ? readLate.get(setting) : before.value(setting);
    }

    /** Sets back what was changed. No transaction may be open. */
    public void undo(Connection raw) throws SQLException {
        if (unknown) {
            findChanges(raw);
        }
        if ((changed & TRANSACTIONAL) != 0 && !raw.getAutoCommit()) {
            raw.setAutoCommit(true);
            changed |= Setting.AUTO_COMMIT.bit();
        }
        for (Setting setting : Setting.values()) {
            if (has(setting)) {
                setBack(setting, raw);
            }
        }
    }

    private void findChanges(Connection raw) throws SQLException {
        SessionState now = SessionState.read(raw, isGone);
        for (Setting setting : Setting.values()) {
            if (!setting.isReadLate() && !Objects.equals(now.value(setting), before.value(setting))) {
                changed |= setting.bit();
            }
        }
    }

    private void setBack(Setting setting, Connection raw) throws SQLException {
        boolean inDoubt = (doubtful & setting.bit()) != 0;
        Object value = valueBefore(setting);
        boolean known = value != null && value != Setting.NOT_TOLD;
        if ((inDoubt || !known) && isAsBefore(setting, value, inDoubt, raw)) {
            return;
        }
        if (!known || value == null) {
            throw new SQLException("the " + setting + " was changed, and cannot be set back: before the change"
                    + " the driver answered " + (value == null ? "null" : "with an error"));
        }
        setting.set(raw, value);
    }

    /** Where neither value can be read, a setter that has failed has changed nothing, as far as anything can tell. */
    private boolean isAsBefore(Setting setting, @Nullable Object value, boolean inDoubt, Connection raw)
            throws SQLException {
        Object now = setting.read(raw, isGone);
        return now == Setting.NOT_TOLD ? inDoubt && value == Setting.NOT_TOLD : Objects.equals(now, value);
    }
}
