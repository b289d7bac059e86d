package io.genericpool.jdbc.internal.driver;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/**
 * The bound of a connect that the driver itself keeps. JDBC has none for a connect by URL, and on a socket that says nothing
 * most drivers do not heed an interrupt; but well-known ones have properties for it. The pool's own timeout abandons a
 * connect, which leaves its thread and its socket; this one ends it.
 */
public final class ConnectBound {
    private ConnectBound() {}

    /**
     * Adds the bound to the properties of a connect, where the user has set none.
     *
     * @return whether the driver goes on keeping it after the connect
     */
    public static boolean addTo(Properties properties, String url, Duration timeout) {
        boolean stays = false;
        String lower = url.toLowerCase(Locale.ROOT);
        for (Vendor.Bound bound : Vendor.ofUrl(url).bounds()) {
            boolean given = properties.containsKey(bound.property())
                    || lower.contains(bound.property().toLowerCase(Locale.ROOT) + "=");
            if (!given) {
                properties.setProperty(bound.property(), Integer.toString(in(bound.unit(), timeout)));
                stays |= bound.stays();
            }
        }
        return stays;
    }

    /**
     * Sets the login timeout of a {@code DataSource} that has none yet, unless that would leave threads behind.
     */
    public static void setLoginTimeout(DataSource source, Duration timeout) {
        if (Vendor.ofSource(source).leavesThreadAtLoginTimeout()) {
            return;
        }
        try {
            if (source.getLoginTimeout() == 0) {
                source.setLoginTimeout(in(TimeUnit.SECONDS, timeout));
            }
        } catch (SQLException | RuntimeException | LinkageError e) {
            // It has none.
        }
    }

    /** Rounded up, since 0 means no bound to most; as long as a driver can take where it is longer. */
    private static int in(TimeUnit unit, Duration timeout) {
        long whole = unit.convert(timeout);
        boolean rounded = Duration.of(whole, unit.toChronoUnit()).compareTo(timeout) < 0;
        long longest = 65_535; // as many seconds as SQL Server's driver takes; others take more
        return (int) Math.max(
                1, Math.min(unit == TimeUnit.SECONDS ? longest : Integer.MAX_VALUE, rounded ? whole + 1 : whole));
    }
}
