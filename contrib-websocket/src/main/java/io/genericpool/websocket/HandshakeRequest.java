package io.genericpool.websocket;

import io.genericpool.websocket.internal.frame.Deflation;
import java.io.IOException;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Puts the headers on an upgrade request and the watch on its socket: an application interceptor, so that the source of
 * headers is asked on the thread that connects, at each connect, and after the deadline has begun.
 */
final class HandshakeRequest implements Interceptor {
    private final WebSocketSettings settings;
    private final Redirects redirects;

    HandshakeRequest(WebSocketSettings settings, Redirects redirects) {
        this.settings = settings;
        this.redirects = redirects;
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        Request request = chain.request();
        ConnectAttempt attempt = request.tag(ConnectAttempt.class);
        if (attempt == null) {
            return chain.proceed(request);
        }
        chain.call().addEventListener(attempt.phases());
        Request ours = withHeaders(request, attempt.endpoint());
        Response answer;
        try {
            answer = redirects.proceed(chain, ours);
        } catch (RuntimeException e) {
            // OkHttp itself reads the Retry-After of some answers, and fails when it is no int.
            Response refusal = attempt.phases().unreadRefusal();
            if (refusal == null) {
                throw e;
            }
            return refusal;
        }
        return attempt.link().watch(answer);
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
            settings.headers.headersFor(endpoint).forEach(builder::header);
        } catch (Throwable t) {
            throw new HeaderSourceFailure(t);
        } finally {
            // A flag that the user's code has left would make the reads and writes that follow fail.
            boolean unused = Thread.interrupted();
        }
        return builder.build();
    }

    /** Tells the source's own failure from one of the network. */
    static final class HeaderSourceFailure extends IOException {
        private static final long serialVersionUID = 1L;

        HeaderSourceFailure(Throwable cause) {
            super("the source of headers failed", cause);
        }
    }
}
