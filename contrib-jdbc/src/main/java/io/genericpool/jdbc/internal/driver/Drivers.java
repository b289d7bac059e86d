package io.genericpool.jdbc.internal.driver;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * The drivers that can be seen where a manager is built. {@link DriverManager} loads drivers once in the life of the JVM, by
 * the context class loader of the thread that first asks it. So it is asked by the thread that configures, never first by a
 * thread of a pool, which may see none. What that thread sees and {@code DriverManager} does not is looked up beside it.
 */
public final class Drivers {
    /** A provider that cannot be loaded is passed over; one that cannot be passed over does not make this endless. */
    private static final int MOST_BROKEN = 100;

    private final List<Driver> seen;

    private Drivers(List<Driver> seen) {
        this.seen = List.copyOf(seen);
    }

    /** By the current thread. */
    public static Drivers visibleHere() {
        Map<String, Driver> found = new LinkedHashMap<>();
        registered().forEach(driver -> found.putIfAbsent(driver.getClass().getName(), driver));
        provided().forEach(driver -> found.putIfAbsent(driver.getClass().getName(), driver));
        return new Drivers(new ArrayList<>(found.values()));
    }

    /** Of a manager whose endpoints need none. */
    public static Drivers none() {
        return new Drivers(List.of());
    }

    private static List<Driver> registered() {
        return DriverManager.drivers().toList();
    }

    private static List<Driver> provided() {
        List<Driver> found = new ArrayList<>();
        Iterator<Driver> providers = ServiceLoader.load(Driver.class).iterator();
        int broken = 0;
        while (broken < MOST_BROKEN) {
            try {
                if (!providers.hasNext()) {
                    break;
                }
                found.add(providers.next());
            } catch (ServiceConfigurationError | LinkageError e) {
                broken++;
            }
        }
        return found;
    }

    /** Connects by the first driver that takes the URL. One that accepts it may still return null: the next is asked. */
    public Connection connect(String url, Properties properties) throws SQLException {
        boolean accepted = false;
        for (Driver driver : candidates()) {
            if (accepts(driver, url)) {
                accepted = true;
                Connection opened = driver.connect(url, copyOf(properties));
                if (opened != null) {
                    return opened;
                }
            }
        }
        throw new SQLException(
                accepted
                        ? "no JDBC driver that accepts the URL for " + JdbcUrls.vendor(url) + " returned a connection"
                        : "no JDBC driver is registered for " + JdbcUrls.vendor(url),
                SqlStates.NO_CONNECT);
    }

    /** With those that were registered since. */
    private List<Driver> candidates() {
        List<Driver> all = new ArrayList<>(seen);
        for (Driver driver : registered()) {
            if (seen.stream().noneMatch(known -> known.getClass() == driver.getClass())) {
                all.add(driver);
            }
        }
        return all;
    }

    private static boolean accepts(Driver driver, String url) {
        try {
            return driver.acceptsURL(url);
        } catch (SQLException | RuntimeException e) {
            return false; // as DriverManager takes it
        }
    }

    /** Of its own for each driver: some add to what they are given. */
    private static Properties copyOf(Properties properties) {
        var copy = new Properties();
        copy.putAll(properties);
        return copy;
    }
}
