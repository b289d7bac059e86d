package io.genericpool.websocket.internal.handshake;

import okhttp3.Headers;
import okhttp3.Response;

/**
 * Helps OkHttp to see that an answer agrees to an upgrade. RFC 6455 (4.1) wants the token {@code Upgrade} to be among those
 * of the Connection header; OkHttp wants it to be the only one, as it decides whether there is a socket. That is before any
 * interceptor sees the answer, as those of the network are not asked for WebSockets; so the header is changed in place,
 * when the event of its arrival is told. Should a version of OkHttp come that does not let it, such an answer is refused as
 * OkHttp does; {@code ConformanceTest} would tell.
 */
final class ConnectionHeader {
    private static final int SWITCHING_PROTOCOLS = 101;
    private static final String UPGRADE = "Upgrade";

    private ConnectionHeader() {}

    static void simplify(Response answer) {
        Headers headers = answer.headers();
        if (answer.code() != SWITCHING_PROTOCOLS || !hasUpgrade(headers)) {
            return;
        }
        try {
            String[] namesAndValues = headers.getNamesAndValues$okhttp();
            for (int i = 0; i < namesAndValues.length; i += 2) {
                if (namesAndValues[i].equalsIgnoreCase("Connection")) {
                    namesAndValues[i + 1] = UPGRADE;
                }
            }
        } catch (LinkageError e) {
            // Another version.
        }
    }

    private static boolean hasUpgrade(Headers headers) {
        for (String value : headers.values("Connection")) {
            for (String token : value.split(",", -1)) {
                if (token.strip().equalsIgnoreCase(UPGRADE)) {
                    return true;
                }
            }
        }
        return false;
    }
}
