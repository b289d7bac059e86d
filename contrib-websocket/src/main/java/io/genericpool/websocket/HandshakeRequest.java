package io.genericpool.websocket;

import io.genericpool.websocket.frame.Deflation;
import java.io.IOException;
import java.util.Set;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Puts the headers on an upgrade request and the watch on its socket: an application interceptor, so that the source of
 * headers is asked on the thread that connects, at each connect, and after the deadline has begun.
 */
final class HandshakeRequest implements Interceptor {
    private static final Set<String> OWN_HEADERS = Set.of(
            "connection", "upgrade", "host", "sec-websocket-key", "sec-websocket-version", "sec-websocket-protocol");

    private final WebSocketSettings settings;

    HandshakeRequest(WebSocketSettings settings) {
        this.settings = settings;
    }

    static void checkHeaderName(String name) {
        String lower = CaseInsensitive.lower(name);
        if (OWN_HEADERS.contains(lower) || lower.equals("sec-websocket-extensions")) {
            throw new IllegalArgumentException("header must not be one of the handshake itself, but is " + name);
        }
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        Request request = chain.request();
        ConnectAttempt attempt = request.tag(ConnectAttempt.class);
        if (attempt == null) {
            return chain.proceed(request);
        }
        chain.call().addEventListener(attempt.phases());
        return attempt.link().watch(chain.proceed(withHeaders(request, attempt.endpoint())));
    }

    private Request withHeaders(Request request, WebSocketEndpoint endpoint) throws IOException {
        var builder = request.newBuilder();
        // OkHttp always offers to deflate and would inflate without a limit.
        if (settings.compression) {
            builder.header("Sec-WebSocket-Extensions", Deflation.OFFER);
        } else {
            builder.removeHeader("Sec-WebSocket-Extensions");
        }
        endpoint.basicAuthorization().ifPresent(value -> builder.header("Authorization", value));
        try {
            settings.headers.headersFor(endpoint).forEach((name, value) -> addHeader(builder, name, value));
        } catch (Throwable t) {
            // Anything but an IOException would end OkHttp's thread as uncaught.
            if (t instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw new HeaderSourceFailure(t);
        }
        return builder.build();
    }

    private static void addHeader(Request.Builder builder, String name, String value) {
        checkHeaderName(name);
        try {
            builder.header(name, value);
        } catch (IllegalArgumentException e) {
            // Not kept as a cause: OkHttp's message holds the value.
            throw new IllegalArgumentException(
                    "header " + name + " must have a name and a value of printable ASCII characters");
        }
    }

    /** Tells the source's own failure from one of the network. */
    static final class HeaderSourceFailure extends IOException {
        private static final long serialVersionUID = 1L;

        HeaderSourceFailure(Throwable cause) {
            super("the source of headers failed", cause);
        }
    }
}
