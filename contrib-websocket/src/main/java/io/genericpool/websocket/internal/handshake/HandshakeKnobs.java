package io.genericpool.websocket.internal.handshake;

import io.genericpool.websocket.HandshakeHeaders;
import io.genericpool.websocket.WebSocketEndpoint;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import okhttp3.HttpUrl;

/** What a builder was told of handshakes. It checks each value and has the defaults. Not thread-safe. */
public final class HandshakeKnobs {
    private final HeaderSources headers = new HeaderSources();
    private List<String> subprotocols = List.of();
    private boolean subprotocolRequired = true;
    private boolean compression;

    public void header(String name, Supplier<String> value) {
        headers.add(name, value);
    }

    public void headers(HandshakeHeaders source) {
        headers.set(source);
    }

    public void subprotocols(String... offered) {
        subprotocols = List.of(offered);
        for (String subprotocol : subprotocols) {
            if (subprotocol.isEmpty() || !subprotocol.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != ',')) {
                throw new IllegalArgumentException(
                        "subprotocols must be names of visible ASCII characters, but one is not");
            }
        }
    }

    public void requireSubprotocol(boolean value) {
        subprotocolRequired = value;
    }

    public void compression(boolean value) {
        compression = value;
    }

    /**
     * The settings as they are now. Later changes have no effect on them.
     *
     * @param urls where an endpoint is, as OkHttp wants it
     * @param more headers in addition to those set here, which take precedence
     */
    public HandshakeSettings settings(Function<WebSocketEndpoint, HttpUrl> urls, HandshakeHeaders more) {
        return new HandshakeSettings(urls, headers.and(more), subprotocols, subprotocolRequired, compression);
    }
}
