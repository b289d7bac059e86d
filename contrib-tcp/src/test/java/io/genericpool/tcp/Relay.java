package io.genericpool.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Stands between one client and a server, and can hold back what the server sends in the midst of it. */
final class Relay implements AutoCloseable {
    private final ServerSocket listening = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    private final TcpEndpoint server;
    private final AtomicLong passed = new AtomicLong();
    private final AtomicLong fromClient = new AtomicLong();
    private final CountDownLatch clientEnded = new CountDownLatch(1);
    private final Object gate = new Object();
    private long left = Long.MAX_VALUE;
    private volatile int held;
    private volatile Socket client;
    private volatile Socket upstream;

    private Relay(TcpEndpoint server) throws IOException {
        this.server = server;
        daemon(this::accept);
    }

    static Relay to(TcpEndpoint server) throws IOException {
        return new Relay(server);
    }

    TcpEndpoint endpoint() {
        return TcpEndpoint.of("127.0.0.1", listening.getLocalPort());
    }

    /** Waits until the server has said what it has to say by itself. */
    void awaitQuiet() {
        var last = new AtomicLong(-1);
        await().pollInterval(Duration.ofMillis(100)).until(() -> last.getAndSet(passed.get()) == passed.get());
    }

    long fromClient() {
        return fromClient.get();
    }

    void awaitEndOfClient() throws InterruptedException {
        assertThat(clientEnded.await(20, TimeUnit.SECONDS)).isTrue();
    }

    /** From now on only so many bytes of the server get through. */
    void holdBackAfter(int bytes) {
        synchronized (gate) {
            left = bytes;
        }
    }

    int heldBack() {
        return held;
    }

    void letThrough() {
        synchronized (gate) {
            left = Long.MAX_VALUE;
            gate.notifyAll();
        }
    }

    /** Ends the client's connection, with nothing more of the server's. */
    void cut() throws IOException {
        await().until(() -> client != null);
        client.close();
    }

    private void accept() {
        try {
            client = listening.accept();
            upstream = new Socket(server.host(), server.port());
            client.setTcpNoDelay(true);
            daemon(() -> pump(upstream, client, true));
            pump(client, upstream, false);
            clientEnded.countDown();
        } catch (IOException e) {
            // The end of the test.
        }
    }

    private void pump(Socket from, Socket to, boolean isHeld) {
        var buffer = new byte[8192];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                int sent = 0;
                while (sent < count) {
                    int now = isHeld ? awaitLeave(count - sent) : count - sent;
                    out.write(buffer, sent, now);
                    sent += now;
                    (isHeld ? passed : fromClient).addAndGet(now);
                }
            }
        } catch (IOException | InterruptedException e) {
            // One side is gone, so is the other.
        }
    }

    private int awaitLeave(int wanted) throws InterruptedException {
        synchronized (gate) {
            while (left == 0) {
                held = wanted;
                gate.wait();
            }
            held = 0;
            int now = (int) Math.min(wanted, left);
            left -= left == Long.MAX_VALUE ? 0 : now;
            return now;
        }
    }

    private static void daemon(Runnable task) {
        var thread = new Thread(task, "relay");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : new Socket[] {client, upstream}) {
            if (socket != null) {
                socket.close();
            }
        }
    }
}
