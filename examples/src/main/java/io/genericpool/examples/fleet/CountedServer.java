package io.genericpool.examples.fleet;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** The server that the limit protects. Clients begin with their number, and the server counts what each has open. */
final class CountedServer implements AutoCloseable {
    private final ServerSocket listening = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    private final AtomicIntegerArray open;
    private final AtomicInteger total = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        var thread = new Thread(task, "counted-server");
        thread.setDaemon(true);
        return thread;
    });

    CountedServer(int clients) throws IOException {
        open = new AtomicIntegerArray(clients);
        threads.execute(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    int open(int client) {
        return open.get(client);
    }

    int open() {
        return total.get();
    }

    int most() {
        return most.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listening.accept();
                sockets.add(socket);
                threads.execute(() -> serve(socket));
            }
        } catch (IOException e) {
            // Closed: the only way out.
        }
    }

    private void serve(Socket socket) {
        most.accumulateAndGet(total.incrementAndGet(), Math::max);
        int client = -1;
        try (socket) {
            int number = socket.getInputStream().read();
            if (number >= 0 && number < open.length()) {
                client = number;
                open.incrementAndGet(client);
                socket.getOutputStream().write(number);
                while (socket.getInputStream().read() >= 0) {
                    // A request.
                }
            }
        } catch (IOException e) {
            // The end of a connection, too.
        } finally {
            total.decrementAndGet();
            if (client >= 0) {
                open.decrementAndGet(client);
            }
            sockets.remove(socket);
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : sockets) {
            socket.close();
        }
        threads.shutdownNow();
    }
}
