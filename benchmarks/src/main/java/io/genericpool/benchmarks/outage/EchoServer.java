package io.genericpool.benchmarks.outage;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** A server that sends each byte back, and can be taken down and brought up again at the same port. */
final class EchoServer implements AutoCloseable {
    private static final int BACKLOG = 256;

    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicLong accepted = new AtomicLong();
    private volatile ServerSocket listener;

    EchoServer() throws IOException {
        listener = listen(0);
    }

    int port() {
        return listener.getLocalPort();
    }

    long accepted() {
        return accepted.get();
    }

    /** Closes the port and every connection: those that are made are refused, those there were end. */
    void down() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.setSoLinger(true, 0); // by a reset, as those of a process that was killed
            socket.close();
        }
    }

    void up() throws IOException {
        listener = listen(listener.getLocalPort());
    }

    private ServerSocket listen(int port) throws IOException {
        var socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
        daemon(() -> accept(socket));
        return socket;
    }

    private void accept(ServerSocket from) {
        while (!from.isClosed()) {
            try {
                Socket socket = from.accept();
                accepted.incrementAndGet();
                sockets.add(socket);
                if (from.isClosed()) {
                    socket.close();
                }
                daemon(() -> echo(socket));
            } catch (IOException e) {
                return; // it goes down
            }
        }
    }

    private void echo(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            var input = socket.getInputStream();
            var output = socket.getOutputStream();
            for (int read = input.read(); read >= 0; read = input.read()) {
                output.write(read);
            }
        } catch (IOException e) {
            // The other side has gone, or this one goes down.
        } finally {
            sockets.remove(socket);
        }
    }

    private static void daemon(Runnable task) {
        var thread = new Thread(task, "echo");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        down();
    }
}
