package io.genericpool.tcp.internal.connect.proxy;

import com.google.common.net.InetAddresses;
import io.genericpool.support.Hosts;
import java.io.IOException;
import java.net.PasswordAuthentication;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Asks a SOCKS 5 proxy for a connection (RFC 1928, RFC 1929). The JDK does this for {@code java.net.Socket} only, which has
 * no channel: it could neither connect without a thread nor be looked at without waiting.
 */
public final class Socks5Handshake extends ProxyDialogue {
    private static final byte VERSION = 5;
    private static final byte LOGIN_VERSION = 1;
    private static final byte NO_LOGIN = 0;
    private static final byte LOGIN = 2;
    private static final byte IPV4 = 1;
    private static final byte NAME = 3;
    private static final byte IPV6 = 4;
    private static final List<String> REPLIES = List.of(
            "succeeded",
            "general failure",
            "not allowed by its rules",
            "network unreachable",
            "host unreachable",
            "connection refused",
            "time to live expired",
            "command not supported",
            "address type not supported");

    private enum Phase {
        GREET,
        LOG_IN,
        CONNECT,
        SKIP_ADDRESS,
        DONE
    }

    private Phase phase = Phase.GREET;
    private ByteBuffer message;
    private ByteBuffer answer = ByteBuffer.allocate(2);

    public Socks5Handshake(TunnelRequest request) {
        super(request);
        this.message = ByteBuffer.wrap(
                request.login() == null ? new byte[] {VERSION, 1, NO_LOGIN} : new byte[] {VERSION, 2, NO_LOGIN, LOGIN});
    }

    @Override
    public void run() throws IOException {
        while (phase != Phase.DONE) {
            flush(message);
            fill(answer);
            advance();
        }
    }

    private void advance() throws IOException {
        switch (phase) {
            case GREET -> {
                byte method = answer.get(1);
                PasswordAuthentication login = request.login();
                check(answer.get(0) == VERSION, "does not speak SOCKS 5");
                if (method == LOGIN && login != null) {
                    expect(Phase.LOG_IN, loginMessage(login), 2);
                } else {
                    check(method == NO_LOGIN, "wants an authentication that is not offered");
                    expect(Phase.CONNECT, connectMessage(), 5);
                }
            }
            case LOG_IN -> {
                check(answer.get(1) == 0, "refuses the credentials");
                expect(Phase.CONNECT, connectMessage(), 5);
            }
            case CONNECT -> {
                int reply = answer.get(1) & 0xff;
                check(answer.get(0) == VERSION, "does not speak SOCKS 5");
                if (reply != 0) {
                    throw failure("answers: " + (reply < REPLIES.size() ? REPLIES.get(reply) : "code " + reply), reply);
                }
                // The first byte of the bound address has been read with the head: it is the length of a name.
                int left =
                        switch (answer.get(3)) {
                            case IPV4 -> 3;
                            case IPV6 -> 15;
                            case NAME -> answer.get(4) & 0xff;
                            default -> throw failure("answers with an unknown type of address", -1);
                        };
                expect(Phase.SKIP_ADDRESS, ByteBuffer.allocate(0), left + 2);
            }
            case SKIP_ADDRESS -> phase = Phase.DONE;
            case DONE -> throw new IllegalStateException();
        }
    }

    private void expect(Phase next, ByteBuffer say, int answerLength) {
        phase = next;
        message = say;
        answer = ByteBuffer.allocate(answerLength);
    }

    private void check(boolean met, String complaint) throws IOException {
        if (!met) {
            throw failure(complaint, -1);
        }
    }

    private static ByteBuffer loginMessage(PasswordAuthentication login) {
        byte[] user = ProxyLogin.utf8(CharBuffer.wrap(login.getUserName()));
        byte[] password = ProxyLogin.utf8(CharBuffer.wrap(login.getPassword()));
        return ByteBuffer.allocate(3 + user.length + password.length)
                .put(LOGIN_VERSION)
                .put((byte) user.length)
                .put(user)
                .put((byte) password.length)
                .put(password)
                .flip();
    }

    private ByteBuffer connectMessage() {
        String host = request.host();
        byte type = NAME;
        byte[] address;
        if (Hosts.isAddress(host)) {
            address = InetAddresses.forString(host).getAddress();
            type = address.length == 4 ? IPV4 : IPV6;
        } else {
            byte[] name = host.getBytes(StandardCharsets.US_ASCII); // an endpoint's name has no others, and 254 at most
            address = ByteBuffer.allocate(1 + name.length)
                    .put((byte) name.length)
                    .put(name)
                    .array();
        }
        return ByteBuffer.allocate(6 + address.length)
                .put(new byte[] {VERSION, 1, 0, type})
                .put(address)
                .putShort((short) request.port())
                .flip();
    }
}
