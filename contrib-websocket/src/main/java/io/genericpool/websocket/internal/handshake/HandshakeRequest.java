package io.genericpool.websocket.internal.handshake;

import io.genericpool.websocket.WebSocketEndpoint;
import io.genericpool.websocket.internal.frame.Deflation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import okhttp3.Credentials;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Puts the headers on an upgrade request and the watch on its socket: an application interceptor, so that the source of
 * headers is asked on the thread that connects, at each connect, and after the deadline has begun.
 */
public final class HandshakeRequest implements Interceptor {
    private final HandshakeSettings settings;
    private final Redirects redirects;

    public HandshakeRequest(HandshakeSettings settings, Redirects redirects) {
        this.settings = settings;
        this.redirects = redirects;
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        Request request = chain.request();
        Upgrade upgrade = request.tag(Upgrade.class);
        if (upgrade == null) {
            return chain.proceed(request);
        }
        chain.call().addEventListener(upgrade.phases());
        Request ours = withHeaders(request, upgrade.endpoint());
        Response answer;
        try {
            answer = redirects.proceed(chain, ours);
        } catch (RuntimeException e) {
            // OkHttp itself reads the Retry-After of some answers, and fails when it is no int.
            Response refusal = upgrade.phases().unreadRefusal();
            if (refusal == null) {
                throw e;
            }
            return refusal;
        }
        return upgrade.watch(answer);
    }

    private Request withHeaders(Request request, WebSocketEndpoint endpoint) throws IOException {
        var builder = request.newBuilder();
        // OkHttp always offers to deflate and would inflate without a limit.
        if (settings.compression()) {
            builder.header("Sec-WebSocket-Extensions", Deflation.OFFER);
        } else {
            builder.removeHeader("Sec-WebSocket-Extensions");
        }
        basicAuthorization(request.url()).ifPresent(value -> builder.header("Authorization", value));
        try {
            settings.headers().headersFor(endpoint).forEach(builder::header);
        } catch (Throwable t) {
            throw new HeaderSourceFailure(t);
        } finally {
            // A flag that the user's code has left would make the reads and writes that follow fail.
            boolean unused = Thread.interrupted();
        }
        return builder.build();
    }

    /** The user information as the value of an Authorization header. */
    public static Optional<String> basicAuthorization(HttpUrl url) {
        return url.encodedUsername().isEmpty() && url.encodedPassword().isEmpty()
                ? Optional.empty()
                : Optional.of(Credentials.basic(url.username(), url.password(), StandardCharsets.UTF_8));
    }

    /** Tells the source's own failure from one of the network. */
    public static final class HeaderSourceFailure extends IOException {
        private static final long serialVersionUID = 1L;

        HeaderSourceFailure(Throwable cause) {
            super("the source of headers failed", cause);
        }
    }
}
