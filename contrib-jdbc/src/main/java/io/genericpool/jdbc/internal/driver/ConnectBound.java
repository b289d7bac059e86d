package io.genericpool.jdbc.internal.driver;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/**
 * The bound of a connect that the driver itself keeps. JDBC has none for a connect by URL, and on a socket that says nothing
 * most drivers do not heed an interrupt; but well-known ones have properties for it. The pool's own timeout abandons a
 * connect, which leaves its thread and its socket; this one ends it.
 */
public final class ConnectBound {
    /**
     * A property of a driver.
     *
     * @param stays whether it bounds each wait of the connection's whole life, and must be undone after the connect
     */
    private record Property(String name, TimeUnit unit, boolean stays) {}

    private static final Map<String, List<Property>> OF_VENDOR = Map.of(
            "jdbc:postgresql",
            List.of(
                    new Property("connectTimeout", TimeUnit.SECONDS, false),
                    new Property("socketTimeout", TimeUnit.SECONDS, true)),
            "jdbc:mysql",
            List.of(
                    new Property("connectTimeout", TimeUnit.MILLISECONDS, false),
                    new Property("socketTimeout", TimeUnit.MILLISECONDS, true)),
            "jdbc:mariadb",
            List.of(
                    new Property("connectTimeout", TimeUnit.MILLISECONDS, false),
                    new Property("socketTimeout", TimeUnit.MILLISECONDS, true)),
            "jdbc:oracle",
            List.of(
                    new Property("oracle.net.CONNECT_TIMEOUT", TimeUnit.MILLISECONDS, false),
                    new Property("oracle.jdbc.ReadTimeout", TimeUnit.MILLISECONDS, true)),
            "jdbc:sqlserver",
            List.of(new Property("loginTimeout", TimeUnit.SECONDS, false)));

    private ConnectBound() {}

    /**
     * Adds the bound to the properties of a connect, where the user has set none.
     *
     * @return whether the driver goes on keeping it after the connect
     */
    public static boolean addTo(Properties properties, String url, Duration timeout) {
        boolean stays = false;
        String lower = url.toLowerCase(Locale.ROOT);
        for (Property property : OF_VENDOR.getOrDefault(JdbcUrls.vendor(lower), List.of())) {
            boolean isSet = properties.containsKey(property.name)
                    || lower.contains(property.name.toLowerCase(Locale.ROOT) + "=");
            if (!isSet) {
                properties.setProperty(property.name, Integer.toString(in(property.unit, timeout)));
                stays |= property.stays;
            }
        }
        return stays;
    }

    /**
     * Sets the login timeout of a {@code DataSource} that has none yet. Not of PostgreSQL's: that keeps it by leaving the thread
     * of the connect behind, which no count would contain.
     */
    public static void setLoginTimeout(DataSource source, Duration timeout) {
        if (source.getClass().getName().startsWith("org.postgresql.")) {
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
        boolean isRounded = Duration.of(whole, unit.toChronoUnit()).compareTo(timeout) < 0;
        long longest = 65_535; // as many seconds as SQL Server's driver takes; others take more
        return (int) Math.max(
                1, Math.min(unit == TimeUnit.SECONDS ? longest : Integer.MAX_VALUE, isRounded ? whole + 1 : whole));
    }
}
