package io.genericpool.reliability.peers;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What each server of the matrix does, whatever library it is made of. It answers a message with itself, except for these:
 *
 * <ul>
 *   <li>{@code !header NAME} is answered with that header of the upgrade request;
 *   <li>{@code !close CODE REASON} is answered with a close.
 * </ul>
 *
 * <p>A socket of {@value #GREETING_PATH} is greeted as soon as it is open. An upgrade at {@code /refuse/STATUS} is refused.
 */
final class EchoApplication {
    static final String GREETING_PATH = "/greet";
    static final String GREETING = "welcome";
    /** In the order in which a server would name them; a server takes the first it is offered. */
    static final List<String> SUBPROTOCOLS = List.of("v2.echo", "v1.echo");

    static final int MAX_MESSAGE_SIZE = 4 << 20;
    /** A header of each upgrade that is agreed to, and its value. */
    static final String HEADER = "X-Peer";

    static final String HEADER_VALUE = "echo";

    private static final String REFUSE = "/refuse/";

    /** An answer to an upgrade that is not the one that was asked for. */
    record Refusal(int status, Map<String, String> headers) {}

    /** How a socket has ended. */
    record Close(int code, String reason) {}

    private final Set<PeerSocket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final List<Close> closes = new ArrayList<>();

    /** Whether an upgrade is refused, and how. */
    static Optional<Refusal> refusal(String path) {
        if (!path.startsWith(REFUSE)) {
            return Optional.empty();
        }
        int status = Integer.parseInt(path.substring(REFUSE.length()));
        return Optional.of(new Refusal(status, Map.of("Retry-After", "600", "X-Why", "full")));
    }

    /** The subprotocol to choose, or null for none. */
    static @Nullable String subprotocol(List<String> offered) {
        return offered.stream().filter(SUBPROTOCOLS::contains).findFirst().orElse(null);
    }

    void opened(PeerSocket socket) {
        open.add(socket);
        opened.incrementAndGet();
        most.accumulateAndGet(open(), Math::max);
        if (socket.path().equals(GREETING_PATH)) {
            socket.send(GREETING);
        }
    }

    void received(PeerSocket socket, String text) {
        String[] words = text.split(" ", 3);
        switch (words[0]) {
            case "!header" -> socket.send(String.valueOf(socket.header(words[1])));
            case "!close" -> socket.close(Integer.parseInt(words[1]), words[2]);
            default -> socket.send(text);
        }
    }

    void received(PeerSocket socket, ByteBuffer bytes) {
        socket.send(bytes);
    }

    /** A socket has ended; a second report of the same socket counts for nothing. */
    void closed(PeerSocket socket, int code, @Nullable String reason) {
        synchronized (closes) {
            if (open.contains(socket)) {
                // The code first: a test that sees the socket gone is to find it.
                closes.add(new Close(code, reason == null ? "" : reason));
                open.remove(socket);
            }
        }
    }

    /** Begins the closing handshake of each socket. */
    void closeAll(int code, String reason) {
        open.forEach(socket -> socket.close(code, reason));
    }

    /** Sockets that are open now. */
    int open() {
        return (int) open.stream().filter(PeerSocket::isConnected).count();
    }

    /** Sockets opened since the last {@link #forget}. */
    int opened() {
        return opened.get();
    }

    /** The most sockets open at once since the last {@link #forget}. */
    int most() {
        return most.get();
    }

    /** How sockets have ended since the last {@link #forget}, oldest first. */
    List<Close> closes() {
        synchronized (closes) {
            return List.copyOf(closes);
        }
    }

    /** Sets all counts but that of open sockets to zero. */
    void forget() {
        synchronized (closes) {
            closes.clear();
        }
        opened.set(0);
        most.set(open());
    }
}
