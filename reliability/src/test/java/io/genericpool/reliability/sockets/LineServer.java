package io.genericpool.reliability.sockets;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Sends back each byte that it is sent, one thread a connection, over TLS if it has a context. Over TLS, too, it is the
 * socket below that is closed: the close of an SSLSocket may wait for more of the peer's data (JDK 25).
 */
final class LineServer implements AutoCloseable {
    private final ServerSocket listening = new ServerSocket();
    private final @Nullable SSLContext tls;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    /** Threads that have nothing to do go soon: the storm looks for any that are left over. */
    private final ExecutorService threads =
            new ThreadPoolExecutor(0, Integer.MAX_VALUE, 50, TimeUnit.MILLISECONDS, new SynchronousQueue<>(), task -> {
                var thread = new Thread(task, "line-server");
                thread.setDaemon(true);
                return thread;
            });

    LineServer(@Nullable SSLContext tls) throws IOException {
        this.tls = tls;
        listening.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 1_024);
        threads.execute(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    int open() {
        return sockets.size();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listening.accept();
                sockets.add(client);
                threads.execute(() -> echo(client));
            }
        } catch (IOException e) {
            // Closed: the only way out.
        }
    }

    private void echo(Socket client) {
        try (client) {
            client.setTcpNoDelay(true);
            Socket talk = tls == null ? client : tls.getSocketFactory().createSocket(client, null, true);
            talk.getInputStream().transferTo(talk.getOutputStream());
        } catch (IOException e) {
            // The client is gone.
        } finally {
            sockets.remove(client);
        }
    }

    @Override
    public void close() throws Exception {
        listening.close();
        for (Socket socket : sockets) {
            socket.close();
        }
        threads.shutdown();
        if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the server's threads do not end");
        }
    }
}
