package io.genericpool.jdbc.internal.driver;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The well-known drivers, and in what they differ. What depends on the driver is asked here. */
enum Vendor {
    POSTGRESQL("jdbc:postgresql"),
    MYSQL("jdbc:mysql"),
    MARIADB("jdbc:mariadb"),
    ORACLE("jdbc:oracle"),
    SQLSERVER("jdbc:sqlserver"),
    /** Nothing is known of its driver. */
    OTHER("jdbc");

    /**
     * A property by which a driver bounds a connect.
     *
     * @param stays whether it bounds each wait of the connection's whole life, and must be undone after the connect
     */
    record Bound(String property, TimeUnit unit, boolean stays) {}

    /** Oracle's {@code user/password@}. */
    private static final Pattern USER_SLASH_PASSWORD = Pattern.compile("^jdbc:oracle:[^:/@]*:[^/@]*/([^@]+)@");

    /** Of MySQL's and MariaDB's URLs whose hosts come from DNS, as {@code jdbc:mysql+srv:} has it. */
    private static final String SRV = "+srv";

    private final String prefix;

    Vendor(String prefix) {
        this.prefix = prefix;
    }

    static Vendor ofUrl(String url) {
        String prefix = JdbcUrls.vendor(url.toLowerCase(Locale.ROOT)).replace(SRV, "");
        return Stream.of(values())
                .filter(vendor -> vendor.prefix.equals(prefix))
                .findFirst()
                .orElse(OTHER);
    }

    static Vendor ofSource(DataSource source) {
        return source.getClass().getName().startsWith("org.postgresql.") ? POSTGRESQL : OTHER;
    }

    /** The properties that bound a connect; JDBC itself has none for a connect by URL. */
    List<Bound> bounds() {
        return switch (this) {
            case POSTGRESQL ->
                List.of(
                        new Bound("connectTimeout", TimeUnit.SECONDS, false),
                        new Bound("socketTimeout", TimeUnit.SECONDS, true));
            case MYSQL, MARIADB ->
                List.of(
                        new Bound("connectTimeout", TimeUnit.MILLISECONDS, false),
                        new Bound("socketTimeout", TimeUnit.MILLISECONDS, true));
            case ORACLE ->
                List.of(
                        new Bound("oracle.net.CONNECT_TIMEOUT", TimeUnit.MILLISECONDS, false),
                        new Bound("oracle.jdbc.ReadTimeout", TimeUnit.MILLISECONDS, true));
            case SQLSERVER -> List.of(new Bound("loginTimeout", TimeUnit.SECONDS, false));
            case OTHER -> List.of();
        };
    }

    /** Whether a login timeout leaves the thread of the connect behind, which no count would contain. */
    boolean leavesThreadAtLoginTimeout() {
        return this == POSTGRESQL;
    }

    /** The password that a URL holds in a form of this vendor only; null when there is none. */
    @Nullable
    String passwordIn(String url) {
        if (this != ORACLE) {
            return null;
        }
        Matcher slash = USER_SLASH_PASSWORD.matcher(url);
        return slash.find() ? slash.group(1) : null;
    }
}
