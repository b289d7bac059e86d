package io.genericpool.websocket.internal.handshake;

import java.io.IOException;
import java.net.ProtocolException;
import java.util.Locale;
import java.util.Set;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Follows redirects in place of OkHttp, which would carry all headers but one to any host. To another origin this carries
 * the headers of the handshake only; cookies are those of OkHttp's cookie jar for that origin.
 */
public final class Redirects {
    private static final int MOST = 20;

    private static final Set<Integer> STATUSES = Set.of(300, 301, 302, 303, 307, 308);

    private static final Set<String> OF_THE_HANDSHAKE = Set.of(
            "connection",
            "upgrade",
            "sec-websocket-extensions",
            "sec-websocket-key",
            "sec-websocket-protocol",
            "sec-websocket-version");

    private final boolean follow;
    private final boolean followAcrossSchemes;

    private Redirects(boolean follow, boolean followAcrossSchemes) {
        this.follow = follow;
        this.followAcrossSchemes = followAcrossSchemes;
    }

    /** Follows what the user's client was configured to follow. */
    public static Redirects as(OkHttpClient configured) {
        return new Redirects(configured.followRedirects(), configured.followSslRedirects());
    }

    Response proceed(Interceptor.Chain chain, Request request) throws IOException {
        Request next = request;
        for (int redirects = 0; ; redirects++) {
            Response answer = ProxyRoute.proceed(chain, next);
            HttpUrl target = follow && STATUSES.contains(answer.code()) ? targetOf(answer) : null;
            if (target == null || (target.isHttps() != next.url().isHttps() && !followAcrossSchemes)) {
                return answer;
            }
            answer.close();
            if (redirects == MOST) {
                throw new ProtocolException("the server redirects more than " + MOST + " times");
            }
            next = redirected(next, target);
        }
    }

    private static @Nullable HttpUrl targetOf(Response answer) {
        String location = answer.header("Location");
        if (location == null) {
            return null;
        }
        // A server may well name the scheme that its endpoint is known by.
        String http = location.regionMatches(true, 0, "ws:", 0, 3) || location.regionMatches(true, 0, "wss:", 0, 4)
                ? "http" + location.substring(2)
                : location;
        return answer.request().url().resolve(http);
    }

    private static Request redirected(Request request, HttpUrl target) {
        HttpUrl from = request.url();
        Request.Builder next = request.newBuilder().url(target);
        boolean sameOrigin = from.scheme().equals(target.scheme())
                && from.host().equals(target.host())
                && from.port() == target.port();
        if (!sameOrigin) {
            next.headers(ofTheHandshake(request.headers()));
        }
        return next.build();
    }

    private static Headers ofTheHandshake(Headers headers) {
        var kept = new Headers.Builder();
        for (int i = 0; i < headers.size(); i++) {
            if (OF_THE_HANDSHAKE.contains(headers.name(i).toLowerCase(Locale.ROOT))) {
                kept.add(headers.name(i), headers.value(i));
            }
        }
        return kept.build();
    }
}
