package io.genericpool.websocket.internal.frame;

import java.net.ProtocolException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What was agreed on for permessage-deflate (RFC 7692), as far as it concerns this side: inbound only. */
public final class Deflation {
    /**
     * The extension as it is offered. This side never deflates, so a server may ask for any window and for no context of
     * it; and inflates with the largest window, so that a server may use any.
     */
    public static final String OFFER = "permessage-deflate; client_no_context_takeover; client_max_window_bits";

    private static final String NAME = "permessage-deflate";
    private static final int LARGEST_WINDOW_BITS = 15;

    /** For the text of errors: how much of what a server says. */
    private static final int LONGEST_QUOTE = 60;

    private final boolean serverKeepsContext;
    private final int serverWindowBits;

    private Deflation(boolean serverKeepsContext, int serverWindowBits) {
        this.serverKeepsContext = serverKeepsContext;
        this.serverWindowBits = serverWindowBits;
    }

    /**
     * Reads a server's answer.
     *
     * @param headers the values of all Sec-WebSocket-Extensions headers of its answer
     * @param offered whether {@link #OFFER} was made
     * @return what was agreed on, or null when the server chose no extension
     * @throws ProtocolException when it chose what was not offered, or what RFC 7692 does not allow
     */
    public static @Nullable Deflation parse(List<String> headers, boolean offered) throws ProtocolException {
        Deflation agreed = null;
        for (String extension : String.join(",", headers).split(",", -1)) {
            if (extension.isBlank()) {
                continue;
            }
            String[] parts = extension.toLowerCase(Locale.ROOT).split(";", -1);
            if (!offered || !parts[0].strip().equals(NAME)) {
                throw refused("an extension that was not offered", parts[0]);
            }
            if (agreed != null) {
                throw refused("an extension twice", parts[0]);
            }
            agreed = parseParameters(parts);
        }
        return agreed;
    }

    private static Deflation parseParameters(String[] parts) throws ProtocolException {
        boolean keepsContext = true;
        int windowBits = LARGEST_WINDOW_BITS;
        Set<String> seen = new HashSet<>();
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            String name = (equals < 0 ? parts[i] : parts[i].substring(0, equals)).strip();
            String value = equals < 0 ? null : parts[i].substring(equals + 1).strip();
            if (!seen.add(name)) {
                throw refused("a parameter of " + NAME + " twice", parts[i]);
            }
            switch (name) {
                case "server_no_context_takeover" -> {
                    checkNoValue(value, parts[i]);
                    keepsContext = false;
                }
                case "client_no_context_takeover" -> checkNoValue(value, parts[i]);
                case "server_max_window_bits" -> windowBits = windowBits(value, parts[i]);
                case "client_max_window_bits" -> windowBits(value, parts[i]);
                default -> throw refused("a parameter that " + NAME + " does not have", parts[i]);
            }
        }
        return new Deflation(keepsContext, windowBits);
    }

    private static void checkNoValue(@Nullable String value, String parameter) throws ProtocolException {
        if (value != null) {
            throw refused("a value for a parameter of " + NAME + " that has none", parameter);
        }
    }

    private static int windowBits(@Nullable String value, String parameter) throws ProtocolException {
        String bits = value == null ? "" : value;
        if (bits.length() > 2 && bits.startsWith("\"") && bits.endsWith("\"")) {
            bits = bits.substring(1, bits.length() - 1);
        }
        if (!bits.matches("8|9|1[0-5]")) {
            throw refused("window bits that are not a number from 8 to 15", parameter);
        }
        return Integer.parseInt(bits);
    }

    private static ProtocolException refused(String what, String quote) {
        String shown = quote.strip();
        return new ProtocolException("the server chose " + what + ": \""
                + (shown.length() > LONGEST_QUOTE ? shown.substring(0, LONGEST_QUOTE) + "..." : shown) + '"');
    }

    boolean serverKeepsContext() {
        return serverKeepsContext;
    }

    /** How many bytes back what the server deflates may refer to. */
    int serverWindow() {
        return 1 << serverWindowBits;
    }
}
