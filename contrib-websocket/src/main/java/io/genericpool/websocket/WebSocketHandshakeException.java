package io.genericpool.websocket;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The server did not answer the upgrade request with the requested WebSocket. It sent a status other than 101, a wrong
 * handshake header, or a subprotocol that was not offered. This exception holds the server's answer, but its message
 * contains only the status. Serialisation keeps only the status.
 */
public class WebSocketHandshakeException extends WebSocketConnectException {
    private static final long serialVersionUID = 1L;

    /** The number of bytes of the answer's body that are kept. */
    public static final int MAX_BODY_SIZE = 8 * 1024;

    private final int status;
    private final transient @Nullable Map<String, List<String>> headers;
    private final transient @Nullable String body;

    /**
     * Creates an exception.
     *
     * @param message what happened, with the endpoint
     * @param cause the cause, or null
     * @param status the status of the answer, such as 401
     * @param headers the headers of the answer, names in lower case
     * @param body the beginning of the answer's body
     */
    public WebSocketHandshakeException(
            String message, @Nullable Throwable cause, int status, Map<String, List<String>> headers, String body) {
        super(message, cause);
        this.status = status;
        this.headers = Map.copyOf(headers);
        this.body = body;
    }

    /**
     * Returns the status of the answer.
     *
     * @return a status such as 401; 101 when the server accepted the upgrade, but not as requested
     */
    public final int status() {
        return status;
    }

    /**
     * Returns the headers of the answer. They may hold secrets, such as cookies.
     *
     * @return values by name, names in lower case
     */
    public final Map<String, List<String>> headers() {
        return headers == null ? Map.of() : headers;
    }

    /**
     * Returns the first value of one header of the answer.
     *
     * @param name the name, in any case
     * @return the value, or empty when there is none
     */
    public final Optional<String> header(String name) {
        return headers().getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream()
                .findFirst();
    }

    /**
     * Returns the answer's body as text, at most its first {@value #MAX_BODY_SIZE} bytes. It may hold secrets.
     *
     * @return the text, empty when there is no body or it could not be read
     */
    public final String body() {
        return body == null ? "" : body;
    }
}
