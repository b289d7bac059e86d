package io.genericpool.websocket;

import io.genericpool.support.SafeText;
import java.net.URI;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * The address of a WebSocket: an absolute URI in canonical form. This is the endpoint type of
 * {@link WebSocketConnectionManager}. Immutable.
 *
 * <p>The canonical form has the scheme {@code ws} or {@code wss}, which also replace {@code http} and {@code https}.
 * Scheme and host are in lower case. There is no default port and no fragment. The path is at least {@code /} and has
 * no dot segments. Two endpoints are equal when their canonical forms are equal, including user information and query.
 *
 * <p>User information is sent as basic authorisation, unless the manager has an {@code Authorization} header. User
 * information and the values of the query may be secrets, so {@link #toString()} does not show them.
 */
public final class WebSocketEndpoint implements Comparable<WebSocketEndpoint> {
    private static final Pattern HAS_SCHEME = Pattern.compile("^[A-Za-z][A-Za-z0-9+.-]*://");
    private static final Pattern TWO_SLASHES = Pattern.compile("[/\\\\]{2}");

    private final String canonical;

    private WebSocketEndpoint(String canonical) {
        this.canonical = canonical;
    }

    /**
     * Creates an endpoint.
     *
     * @param uri an absolute URI with scheme ws, wss, http or https
     * @return the endpoint
     * @throws IllegalArgumentException when the text is no such URI or has a fragment
     */
    public static WebSocketEndpoint of(String uri) {
        Objects.requireNonNull(uri, "uri");
        checkCharacters(uri);
        int colon = uri.indexOf(':');
        String rest = colon < 0 ? "" : uri.substring(colon + 1);
        String scheme = colon < 0 ? "" : uri.substring(0, colon).toLowerCase(Locale.ROOT);
        // OkHttp would take any number of slashes, even none; the rules for the host start after exactly two.
        if (!rest.startsWith("//") || rest.startsWith("///")) {
            scheme = "";
        }
        HttpUrl url =
                switch (scheme) {
                    case "ws", "http" -> HttpUrl.parse("http:" + rest);
                    case "wss", "https" -> HttpUrl.parse("https:" + rest);
                    default -> throw invalid(uri, "an absolute URI with scheme ws, wss, http or https and a host");
                };
        if (url == null) {
            throw invalid(uri, "a URI with a valid host, port and path");
        }
        if (url.fragment() != null) {
            throw invalid(uri, "a URI without a fragment");
        }
        return of(url);
    }

    /**
     * Creates an endpoint.
     *
     * @param uri an absolute URI with scheme ws, wss, http or https
     * @return the endpoint
     * @throws IllegalArgumentException when the URI has another scheme, is not absolute or has a fragment
     */
    public static WebSocketEndpoint of(URI uri) {
        return of(uri.toString());
    }

    private static WebSocketEndpoint of(HttpUrl url) {
        return new WebSocketEndpoint((url.isHttps() ? "wss" : "ws")
                + url.toString().substring(url.scheme().length()));
    }

    /**
     * Creates an endpoint from a path (and query) relative to this one, as a browser resolves a link, or from an
     * absolute URI. A path leads only to the {@linkplain #origin() origin} of this endpoint: {@code //other-host/x} is
     * rejected.
     *
     * @param pathOrUri a path such as {@code /ws/btcusdt?depth=5}, or an absolute URI, with {@code ://}
     * @return the endpoint
     * @throws IllegalArgumentException when the text is no valid endpoint, or is a path to another origin
     */
    public WebSocketEndpoint resolve(String pathOrUri) {
        Objects.requireNonNull(pathOrUri, "pathOrUri");
        if (HAS_SCHEME.matcher(pathOrUri).find()) {
            return of(pathOrUri);
        }
        checkCharacters(pathOrUri);
        // OkHttp takes a backslash for a slash.
        HttpUrl resolved =
                TWO_SLASHES.matcher(pathOrUri).lookingAt() ? null : toHttpUrl().resolve(pathOrUri);
        if (resolved == null) {
            throw invalid(pathOrUri, "a path, or an absolute URI");
        }
        if (resolved.fragment() != null) {
            throw invalid(pathOrUri, "a path without a fragment");
        }
        WebSocketEndpoint endpoint = of(resolved);
        if (!endpoint.origin().equals(origin())) {
            throw invalid(pathOrUri, "a path at " + origin() + ", or an absolute URI");
        }
        return endpoint;
    }

    /** OkHttp drops these without a word. */
    private static void checkCharacters(String uri) {
        boolean controlCharacters = uri.chars().anyMatch(c -> c < ' ' || c == 0x7f);
        if (controlCharacters || uri.startsWith(" ") || uri.endsWith(" ")) {
            throw invalid(uri, "a text without control characters, and without spaces at its ends");
        }
    }

    /**
     * Returns the complete canonical URI, including secrets.
     *
     * @return the URI
     */
    public URI uri() {
        // OkHttp leaves characters in a query that java.net.URI refuses; its uri() encodes them.
        String http = toHttpUrl().uri().toString();
        return URI.create(isSecure() ? "wss" + http.substring(5) : "ws" + http.substring(4));
    }

    /**
     * Tells whether the connection is encrypted.
     *
     * @return true for {@code wss}
     */
    public boolean isSecure() {
        return canonical.startsWith("wss:");
    }

    /**
     * Returns the host, in lower case.
     *
     * @return the name or address; an IPv6 address has no brackets
     */
    public String host() {
        return toHttpUrl().host();
    }

    /**
     * Returns the port.
     *
     * @return 1 to 65535; the default port of the scheme when none was given
     */
    public int port() {
        return toHttpUrl().port();
    }

    /**
     * Returns the path, percent-encoded.
     *
     * @return the path, at least {@code /}
     */
    public String path() {
        return toHttpUrl().encodedPath();
    }

    /**
     * Returns scheme, host and port. The origin decides which servers may receive a credential.
     *
     * @return an origin such as {@code wss://stream.example.com} or {@code ws://127.0.0.1:8080}
     */
    public String origin() {
        HttpUrl url = toHttpUrl();
        return originOf(url, isSecure());
    }

    HttpUrl toHttpUrl() {
        return HttpUrl.get(isSecure() ? "https" + canonical.substring(3) : "http" + canonical.substring(2));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof WebSocketEndpoint that && canonical.equals(that.canonical);
    }

    @Override
    public int hashCode() {
        return canonical.hashCode();
    }

    /**
     * Compares canonical URIs, consistent with {@link #equals}. A map therefore finds endpoints quickly even when an
     * adversary creates very many with the same hash code.
     */
    @Override
    public int compareTo(WebSocketEndpoint other) {
        return canonical.compareTo(other.canonical);
    }

    /**
     * Returns the URI for logs and errors, without user information, and with the names but not the values of the
     * query.
     *
     * @return a text such as {@code wss://stream.example.com/ws?symbol=***}
     */
    @Override
    public String toString() {
        HttpUrl url = toHttpUrl();
        var text = new StringBuilder(originOf(url, isSecure())).append(url.encodedPath());
        for (int i = 0; i < url.querySize(); i++) {
            text.append(i == 0 ? '?' : '&');
            // A parameter without a value may itself be a token.
            text.append(url.queryParameterValue(i) == null ? "***" : url.queryParameterName(i) + "=***");
        }
        return text.toString();
    }

    private static String originOf(HttpUrl url, boolean secure) {
        String host = url.host().indexOf(':') >= 0 ? "[" + url.host() + "]" : url.host();
        boolean defaultPort = url.port() == HttpUrl.defaultPort(url.scheme());
        return (secure ? "wss://" : "ws://") + host + (defaultPort ? "" : ":" + url.port());
    }

    private static IllegalArgumentException invalid(String uri, String expected) {
        return new IllegalArgumentException(
                "endpoint must be " + expected + ", but is \"" + SafeText.label(redact(uri)) + "\"");
    }

    /** Hides what may be a secret in a text that cannot be parsed: all before an at-sign, all after a question mark. */
    static String redact(String uri) {
        int query = indexOfAny(uri, '?', '#');
        String head = query < 0 ? uri : uri.substring(0, query);
        String tail = query < 0 ? "" : uri.charAt(query) + "***";
        int at = head.lastIndexOf('@');
        int slashes = head.indexOf("//");
        String scheme = slashes < 0 ? "" : head.substring(0, slashes + 2);
        if (at >= 0) {
            return scheme + "***@" + head.substring(at + 1) + tail;
        }
        // An at-sign behind the question mark: the mark may be part of a badly encoded password.
        return uri.indexOf('@') >= 0 ? scheme + "***" : head + tail;
    }

    private static int indexOfAny(String text, char a, char b) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == a || text.charAt(i) == b) {
                return i;
            }
        }
        return -1;
    }
}
