package io.genericpool.tcp.internal.connect.proxy;

import io.genericpool.support.SafeText;
import java.io.IOException;
import java.net.PasswordAuthentication;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks an HTTP proxy for a tunnel. Reads the head of the answer byte by byte, as bytes of the tunnel may follow at once. */
public final class HttpConnectHandshake extends ProxyDialogue {
    private static final int MAX_HEAD = 16 * 1024;
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] (\\d{3})(?: ([^\r\n]*))?\r?\n");

    private final ByteBuffer message;
    private final ByteBuffer next = ByteBuffer.allocate(1);
    private final StringBuilder head = new StringBuilder();

    public HttpConnectHandshake(TunnelRequest request) {
        super(request);
        String target = request.target();
        PasswordAuthentication login = request.login();
        String authorization = login == null ? "" : "Proxy-Authorization: Basic " + basic(login) + "\r\n";
        this.message = StandardCharsets.US_ASCII.encode(
                "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n" + authorization + "\r\n");
    }

    private static String basic(PasswordAuthentication login) {
        byte[] plain =
                ProxyLogin.utf8(CharBuffer.allocate(login.getUserName().length() + 1 + login.getPassword().length)
                        .put(login.getUserName())
                        .put(':')
                        .put(login.getPassword())
                        .flip());
        return Base64.getEncoder().encodeToString(plain);
    }

    @Override
    public void run() throws IOException {
        flush(message);
        while (!isComplete()) {
            if (head.length() == MAX_HEAD) {
                throw failure("answers with more than " + MAX_HEAD + " bytes of head", -1);
            }
            fill(next);
            head.append((char) (next.get(0) & 0xff));
            next.clear();
        }
        Matcher status = STATUS_LINE.matcher(head);
        if (!status.lookingAt()) {
            throw failure("does not answer in HTTP", -1);
        }
        if (!status.group(1).startsWith("2")) {
            String reason = status.group(2) == null ? "" : SafeText.label(status.group(2));
            throw failure("answers " + status.group(1) + " " + reason, Integer.parseInt(status.group(1)));
        }
    }

    private boolean isComplete() {
        int length = head.length();
        return length >= 2
                && head.charAt(length - 1) == '\n'
                && (head.charAt(length - 2) == '\n'
                        || (length >= 4 && head.substring(length - 4).equals("\r\n\r\n")));
    }
}
