package io.genericpool.websocket.frame;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What was agreed on for permessage-deflate (RFC 7692), as far as it concerns this side: inbound only. */
public final class Deflation {
    /** The extension as it is offered; this side never deflates, so nothing is said of its own window. */
    public static final String OFFER = "permessage-deflate; client_no_context_takeover";

    private final boolean serverKeepsContext;

    private Deflation(boolean serverKeepsContext) {
        this.serverKeepsContext = serverKeepsContext;
    }

    /**
     * Reads a server's answer.
     *
     * @param header the Sec-WebSocket-Extensions header of its answer
     * @return what was agreed on, or null when it is something that was not offered
     */
    public static @Nullable Deflation parse(String header) {
        String[] parts = header.toLowerCase(Locale.ROOT).split(";", -1);
        if (!parts[0].strip().equals("permessage-deflate")) {
            return null;
        }
        boolean keepsContext = true;
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip();
            if (parameter.equals("server_no_context_takeover")) {
                keepsContext = false;
            } else if (!parameter.equals("client_no_context_takeover")
                    && !parameter.matches("server_max_window_bits\\s*=\\s*\"?(8|9|1[0-5])\"?")) {
                return null;
            }
        }
        return new Deflation(keepsContext);
    }

    boolean serverKeepsContext() {
        return serverKeepsContext;
    }
}
