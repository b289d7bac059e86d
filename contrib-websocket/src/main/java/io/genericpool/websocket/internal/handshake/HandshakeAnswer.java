package io.genericpool.websocket.internal.handshake;

import io.genericpool.websocket.WebSocketEndpoint;
import io.genericpool.websocket.WebSocketHandshakeException;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import okhttp3.Response;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/** Reads a server's answer to an upgrade: whether it is what was asked for, and what to say when it is not. */
public final class HandshakeAnswer {
    private static final int SWITCHING_PROTOCOLS = 101;

    private HandshakeAnswer() {}

    /**
     * Makes the error of an upgrade that was refused. OkHttp closes the answer after its callback, so what is to be kept
     * is copied here and now.
     */
    public static WebSocketHandshakeException refused(WebSocketEndpoint endpoint, Response response, Throwable cause) {
        String message = "the upgrade at " + endpoint + " was refused with status " + response.code();
        if (response.code() == SWITCHING_PROTOCOLS) {
            message = "the upgrade at " + endpoint + " was answered with a wrong handshake: " + cause.getMessage();
        }
        return new WebSocketHandshakeException(message, cause, response.code(), headersOf(response), bodyOf(response));
    }

    /** Makes the error of an upgrade that was agreed to in a way that OkHttp does not look for. */
    public static WebSocketHandshakeException wrong(WebSocketEndpoint endpoint, WrongAnswer wrong) {
        return new WebSocketHandshakeException(
                "the upgrade at " + endpoint + " was answered with a wrong handshake: " + wrong.getMessage(),
                wrong,
                SWITCHING_PROTOCOLS,
                wrong.headers,
                "");
    }

    /**
     * Checks what OkHttp does not, of an answer that agrees to the upgrade: headers that must not come more than once
     * (RFC 6455, 11.3), and each of which OkHttp looks only at the last.
     */
    public static void checkSingle(Response response) throws ProtocolException {
        for (String name : List.of("Upgrade", "Sec-WebSocket-Accept", "Sec-WebSocket-Protocol")) {
            int count = response.headers(name).size();
            if (count > 1) {
                throw new ProtocolException("the header " + name + " must come once, but comes " + count + " times");
            }
        }
    }

    /** The upgrade was agreed to, but the answer breaks a rule. */
    public static final class WrongAnswer extends ProtocolException {
        private static final long serialVersionUID = 1L;

        private final transient Map<String, List<String>> headers;

        public WrongAnswer(ProtocolException problem, Response response) {
            super(problem.getMessage());
            headers = headersOf(response);
        }
    }

    /** Tells what is wrong with the subprotocol the server chose, or null when nothing is. */
    public static @Nullable WebSocketHandshakeException subprotocolError(
            WebSocketEndpoint endpoint, Response response, HandshakeSettings settings) {
        String chosen = response.header("Sec-WebSocket-Protocol");
        String problem;
        if (chosen == null) {
            if (settings.subprotocols().isEmpty() || !settings.subprotocolRequired()) {
                return null;
            }
            problem = "the server chose none of the subprotocols offered";
        } else if (settings.subprotocols().contains(chosen)) {
            return null;
        } else {
            problem = "the server chose a subprotocol that was not offered";
        }
        return new WebSocketHandshakeException(
                "the upgrade at " + endpoint + " failed: " + problem, null, response.code(), headersOf(response), "");
    }

    public static Map<String, List<String>> headersOf(Response response) {
        // OkHttp's multimap compares names without case; its keys are in lower case already.
        return Map.copyOf(response.headers().toMultimap());
    }

    private static String bodyOf(Response response) {
        if (response.code() == SWITCHING_PROTOCOLS) {
            return "";
        }
        BufferedSource source = response.body().source();
        try {
            // A body that trickles in must not hold back the status, which is what counts.
            source.timeout().deadline(1, TimeUnit.SECONDS);
            source.request(WebSocketHandshakeException.MAX_BODY_SIZE);
        } catch (IOException | RuntimeException e) {
            // What has arrived so far will do.
        }
        long size = Math.min(source.getBuffer().size(), WebSocketHandshakeException.MAX_BODY_SIZE);
        try {
            return source.getBuffer().readString(size, StandardCharsets.UTF_8);
        } catch (EOFException e) {
            throw new AssertionError("the buffer holds what it says", e);
        }
    }
}
