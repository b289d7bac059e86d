package io.genericpool.jdbc.internal.driver;

import io.genericpool.support.SafeText;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What may be said of a JDBC URL. */
public final class JdbcUrls {
    public static final String SCHEME = "jdbc:";

    /** Up to the hosts: {@code jdbc:mysql:replication://}, and {@code jdbc:oracle:thin:@//}. */
    private static final Pattern BEFORE_HOSTS =
            Pattern.compile("jdbc(?::[a-z0-9_-]+)+:@?(?:tcps?:)?//", Pattern.CASE_INSENSITIVE);

    /** {@code address=(host=a)(port=1)} or {@code (host=a,port=1)}, in which MySQL and MariaDB take hosts too. */
    private static final Pattern HOST_KEY =
            Pattern.compile("[(,]\\s*host\\s*=\\s*([^,()\\s]+)", Pattern.CASE_INSENSITIVE);

    private static final String SQL_SERVER = "jdbc:sqlserver:";

    /** SQL Server's properties, of which a value in braces may hold anything: {@code ;password={a;b}}. */
    private static final Pattern PROPERTY = Pattern.compile(";\\s*([^=;]*?)\\s*=\\s*(\\{(?:[^}]|\\}\\})*+\\}|[^;]*)");

    private static final Set<String> SERVER_NAMES = Set.of("servername", "server");

    /** MySQL's host is the name of a service then, which has no addresses of its own. */
    private static final Pattern BY_SERVICE =
            Pattern.compile("jdbc:mysql:.*[?&]dnsSrv=true(?:&.*)?", Pattern.CASE_INSENSITIVE);

    private JdbcUrls() {}

    /**
     * The hosts that a URL names, in their order: of PostgreSQL, MySQL, MariaDB, SQL Server, Oracle's short form and what else
     * has them after two slashes. None when there are none, or they are not recognised. Names of services, of which DNS
     * tells the hosts ({@code jdbc:mysql+srv:}), are none.
     */
    public static List<String> hosts(String url) {
        Matcher start = BEFORE_HOSTS.matcher(url);
        if (!start.lookingAt() || BY_SERVICE.matcher(url).matches()) {
            return List.of();
        }
        String authority = url.substring(start.end(), endOfHosts(url, start.end()));
        authority = authority.substring(authority.lastIndexOf('@') + 1); // a user and a password may come first
        Set<String> hosts = new LinkedHashSet<>();
        if (authority.indexOf('(') >= 0) {
            HOST_KEY.matcher(authority).results().forEach(found -> hosts.add(bare(found.group(1))));
        } else {
            for (String part : authority.split(",", -1)) {
                hosts.add(bare(part.trim()));
            }
        }
        hosts.remove("");
        return hosts.isEmpty() && url.regionMatches(true, 0, SQL_SERVER, 0, SQL_SERVER.length())
                ? serverName(url)
                : List.copyOf(hosts);
    }

    /** {@code jdbc:sqlserver://;serverName=db}. */
    private static List<String> serverName(String url) {
        Matcher property = PROPERTY.matcher(url);
        while (property.find()) {
            if (SERVER_NAMES.contains(property.group(1).toLowerCase(Locale.ROOT))) {
                String host = unbraced(property.group(2).trim());
                boolean isIpv6 = host.indexOf(':') != host.lastIndexOf(':') && !host.startsWith("[");
                String name = isIpv6 ? host : bare(host);
                return name.isEmpty() ? List.of() : List.of(name);
            }
        }
        return List.of();
    }

    private static String unbraced(String value) {
        return value.length() > 1 && value.startsWith("{") && value.endsWith("}")
                ? value.substring(1, value.length() - 1).replace("}}", "}").trim()
                : value;
    }

    /** The path, the properties, or the end; an address in brackets may hold none of these. */
    private static int endOfHosts(String url, int from) {
        int end = from;
        while (end < url.length() && "/?;".indexOf(url.charAt(end)) < 0) {
            end++;
        }
        return end;
    }

    /** Without port, instance and brackets. */
    private static String bare(String host) {
        if (host.startsWith("[")) {
            int end = host.indexOf(']');
            return end < 0 ? "" : host.substring(1, end);
        }
        int end = host.indexOf(':');
        String name = end < 0 ? host : host.substring(0, end);
        int instance = name.indexOf('\\');
        return instance < 0 ? name : name.substring(0, instance);
    }

    /** The part of a URL that can hold no secret: {@code jdbc:postgresql}. */
    public static String vendor(String url) {
        int end = url.indexOf(':', SCHEME.length());
        return end < 0 ? "jdbc" : SafeText.label(url.substring(0, end));
    }
}
