package io.genericpool.websocket.internal.handshake;

import io.genericpool.support.SafeText;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which headers of a user an upgrade request may have. A value may be a secret: it is in no message. */
public final class HeaderRules {
    private static final Set<String> OF_THE_HANDSHAKE = Set.of(
            "connection",
            "upgrade",
            "host",
            "http2-settings",
            "sec-websocket-accept",
            "sec-websocket-extensions",
            "sec-websocket-key",
            "sec-websocket-protocol",
            "sec-websocket-version");

    /** They say where a request ends, or how a connection goes on: the request has no body, and the connection is upgraded. */
    private static final Set<String> OF_THE_FRAMING =
            Set.of("content-length", "expect", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding");

    private HeaderRules() {}

    public static void checkName(String name) {
        Objects.requireNonNull(name, "header");
        if (name.isEmpty() || !name.chars().allMatch(HeaderRules::isTokenCharacter)) {
            throw new IllegalArgumentException(
                    "header must have a name of letters, digits and !#$%&'*+-.^_`|~ only, but its name is \""
                            + SafeText.label(name) + '"');
        }
        String lower = name.toLowerCase(Locale.ROOT);
        if (OF_THE_HANDSHAKE.contains(lower)) {
            throw new IllegalArgumentException("header must not be one of the handshake itself, but is " + name);
        }
        if (OF_THE_FRAMING.contains(lower)) {
            throw new IllegalArgumentException("header must not be one of HTTP's framing, but is " + name);
        }
    }

    public static void checkValue(String name, @Nullable String value) {
        if (value == null) {
            throw new IllegalArgumentException("header " + name + " must have a value, but its value is null");
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c != '\t' && (c < ' ' || c > '~')) {
                throw new IllegalArgumentException(String.format(
                        Locale.ROOT,
                        "header %s must have a value of printable ASCII characters, but has U+%04X at index %d",
                        name,
                        (int) c,
                        i));
            }
        }
    }

    private static boolean isTokenCharacter(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }
}
