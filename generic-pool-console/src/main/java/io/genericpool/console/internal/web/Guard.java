package io.genericpool.console.internal.web;

import com.sun.net.httpserver.Headers;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Refuses requests that a foreign page may have caused. The name in {@code Host} tells a page that reached this machine by a
 * name of its own (DNS rebinding) from one that knows the address. {@code Origin} and {@code Sec-Fetch-Site} tell foreign
 * pages that know the address.
 */
final class Guard {
    /** Digits and dots, or what only an IPv6 address in brackets can be. No page is served under such a foreign name. */
    private static final Pattern ADDRESS = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-f:.]+(%[\\w.]+)?]");

    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]");
    private static final Pattern HOST = Pattern.compile("(\\[[^\\]]*]|[^:\\[\\]]*)(?::(\\d{1,5}))?");

    private final boolean loopback;
    private final int port;
    private final Set<String> hosts;

    Guard(InetAddress address, int port, Set<String> hosts) {
        this.loopback = address.isLoopbackAddress();
        this.port = port;
        this.hosts = hosts;
    }

    /** Returns why the request must be refused, or null if it may proceed. */
    @Nullable
    Reply refusal(Headers headers, boolean opensPage) {
        @Nullable String host = only(headers, "Host");
        if (host == null || !isOwn(host)) {
            return Reply.text(
                    403,
                    "this console does not answer to that host name; use its address, or name the host "
                            + "with PoolConsoleBuilder.host");
        }
        List<String> origins = headers.getOrDefault("Origin", List.of());
        if (!origins.stream().allMatch(origin -> isSame(origin, host))) {
            return Reply.text(403, "this console does not answer pages of another origin");
        }
        String site = headers.getOrDefault("Sec-Fetch-Site", List.of("none")).get(0);
        boolean own = site.equals("same-origin") || site.equals("none");
        if (!own && !opensPage) {
            return Reply.text(403, "this console does not answer other sites");
        }
        return null;
    }

    private static @Nullable String only(Headers headers, String name) {
        List<String> values = headers.getOrDefault(name, List.of());
        return values.size() == 1 ? values.get(0).toLowerCase(Locale.ROOT) : null;
    }

    private boolean isOwn(String host) {
        var parts = HOST.matcher(host);
        if (!parts.matches()) {
            return false;
        }
        String name = parts.group(1);
        if (hosts.contains(name)) {
            return true; // a proxy may listen at another port
        }
        int asked = parts.group(2) == null ? 80 : Integer.parseInt(parts.group(2));
        return asked == port && (loopback ? LOOPBACK : ADDRESS).matcher(name).matches();
    }

    private static boolean isSame(String origin, String host) {
        String lower = origin.toLowerCase(Locale.ROOT);
        return lower.equals("http://" + host) || lower.equals("https://" + host);
    }
}
