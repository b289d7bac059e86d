package io.genericpool.examples.basics;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A plain TCP server on the loopback address that answers each line with itself. */
final class LineServer implements AutoCloseable {
    private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final ConcurrentHashMap<Integer, CompletableFuture<Socket>> byClientPort = new ConcurrentHashMap<>();

    LineServer() throws IOException {
        daemon(this::accept);
    }

    InetSocketAddress endpoint() {
        return InetSocketAddress.createUnresolved("127.0.0.1", listening.getLocalPort());
    }

    /** Closes the server's end of a client's connection, once it is out of the backlog. */
    void cut(Socket client) throws Exception {
        accepted(client.getLocalPort()).get(10, TimeUnit.SECONDS).close();
    }

    private CompletableFuture<Socket> accepted(int clientPort) {
        return byClientPort.computeIfAbsent(clientPort, port -> new CompletableFuture<>());
    }

    static String ask(Socket client, String line) throws IOException {
        client.setSoTimeout(5_000);
        client.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        var answer = new StringBuilder();
        for (int b = client.getInputStream().read();
                b != '\n';
                b = client.getInputStream().read()) {
            if (b < 0) {
                throw new IOException("closed by the server");
            }
            answer.append((char) b);
        }
        return answer.toString();
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (CompletableFuture<Socket> accepted : byClientPort.values()) {
            if (accepted.isDone()) {
                accepted.join().close();
            }
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket accepted = listening.accept();
                // Anew: a port may have served an earlier client.
                if (!accepted(accepted.getPort()).complete(accepted)) {
                    byClientPort.put(accepted.getPort(), CompletableFuture.completedFuture(accepted));
                }
                daemon(() -> echo(accepted));
            }
        } catch (IOException e) {
            // closed: the end of the test
        }
    }

    private static void echo(Socket socket) {
        try (socket) {
            var lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            // the client is gone, or the test has cut it
        }
    }

    private static void daemon(Runnable task) {
        var thread = new Thread(task, "line-server");
        thread.setDaemon(true);
        thread.start();
    }
}
