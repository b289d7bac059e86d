package io.genericpool.tcp.internal.connect.proxy;

import com.google.common.base.CharMatcher;
import java.net.PasswordAuthentication;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Checks a proxy's credentials before they are sent. Its messages never repeat them. */
public final class ProxyLogin {
    /** What fits into the length byte of RFC 1929. */
    private static final int MAX_SOCKS_BYTES = 255;

    private ProxyLogin() {}

    /**
     * Returns what it is given, when that can be sent.
     *
     * @param proxy its name in messages
     * @param http whether it speaks HTTP, or else SOCKS 5
     * @throws IllegalArgumentException when the proxy would take them for something else
     */
    public static PasswordAuthentication check(@Nullable PasswordAuthentication login, String proxy, boolean http) {
        if (login == null) {
            throw new NullPointerException("the credentials supplier of " + proxy + " returned null");
        }
        if (login.getUserName() == null) {
            throw new NullPointerException("the credentials supplier of " + proxy + " returned no user name");
        }
        checkPart("user name", CharBuffer.wrap(login.getUserName()), proxy, http);
        checkPart("password", CharBuffer.wrap(login.getPassword()), proxy, http);
        if (http && login.getUserName().indexOf(':') >= 0) {
            throw new IllegalArgumentException("the user name for " + proxy + " must not have a colon (RFC 7617)");
        }
        return login;
    }

    private static void checkPart(String part, CharBuffer text, String proxy, boolean http) {
        if (CharMatcher.javaIsoControl().matchesAnyOf(text)) {
            throw new IllegalArgumentException("the " + part + " for " + proxy + " must not have control characters");
        }
        int bytes = utf8(text.duplicate()).length;
        if (!http && bytes > MAX_SOCKS_BYTES) {
            throw new IllegalArgumentException("the " + part + " for " + proxy + " must have at most " + MAX_SOCKS_BYTES
                    + " bytes, but has " + bytes);
        }
    }

    /** @throws IllegalArgumentException for half a character, which would be sent as a question mark */
    static byte[] utf8(CharBuffer text) {
        ByteBuffer bytes;
        try {
            bytes = StandardCharsets.UTF_8.newEncoder().encode(text);
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("a proxy's credentials must be valid text");
        }
        var copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return copy;
    }
}
