package io.genericpool.tcp;

import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.Uninterruptibles;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A server that a test controls, on the loopback address or a file. */
public final class Peer implements AutoCloseable {
    /** What it does with each connection, on a thread of its own; the connection is closed afterwards. */
    public interface Behaviour {
        void serve(End end) throws Exception;
    }

    /** One accepted connection. */
    public interface End {
        InputStream in() throws IOException;

        OutputStream out() throws IOException;

        /** In an orderly way. */
        void close() throws IOException;

        /** By a reset. */
        void reset() throws IOException;

        void shutdownOutput() throws IOException;

        /** The client's port; 0 without one. */
        int clientPort();

        default void send(String text) throws IOException {
            OutputStream out = out(); // once: the answer to this may close the socket
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
        }
    }

    private interface Acceptor extends AutoCloseable {
        End accept() throws IOException;

        @Override
        void close() throws IOException;
    }

    private static final Duration ENOUGH = Duration.ofSeconds(20);

    private final Acceptor acceptor;
    private final SocketAddress address;
    private final Behaviour behaviour;
    private final List<End> accepted = new CopyOnWriteArrayList<>();
    /** Threads that have nothing to do go soon: the contract looks for any that are left over. */
    private final ExecutorService threads = new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, 50, TimeUnit.MILLISECONDS, new SynchronousQueue<>(), Peer::newThread);

    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final Thread accepting = newThread(this::accept);
    private volatile boolean isClosed;
    private volatile boolean isForgetting;

    private Peer(Acceptor acceptor, SocketAddress address, Behaviour behaviour) {
        this.acceptor = acceptor;
        this.address = address;
        this.behaviour = behaviour;
        accepting.start();
    }

    public static Peer tcp(Behaviour behaviour) throws IOException {
        return tcp("127.0.0.1", behaviour);
    }

    public static Peer tcp(String address, Behaviour behaviour) throws IOException {
        return tcp(address, 0, behaviour);
    }

    public static Peer tcp(String address, int port, Behaviour behaviour) throws IOException {
        return of(address, port, behaviour, SocketEnd::new);
    }

    static Peer tls(SSLContext context, Behaviour behaviour) throws IOException {
        return tls(context, socket -> {}, behaviour);
    }

    static Peer tls(String address, SSLContext context, Behaviour behaviour) throws IOException {
        return tls(address, context, socket -> {}, behaviour);
    }

    static Peer tls(SSLContext context, Consumer<SSLSocket> settings, Behaviour behaviour) throws IOException {
        return tls("127.0.0.1", context, settings, behaviour);
    }

    private static Peer tls(String address, SSLContext context, Consumer<SSLSocket> settings, Behaviour behaviour)
            throws IOException {
        return of(address, 0, behaviour, raw -> {
            var tls = (SSLSocket) context.getSocketFactory().createSocket(raw, null, true); // the server's side
            settings.accept(tls);
            return new TlsEnd(tls, raw);
        });
    }

    private interface Wrapper {
        End wrap(Socket accepted) throws IOException;
    }

    private static Peer of(String address, int port, Behaviour behaviour, Wrapper wrapper) throws IOException {
        var server = new ServerSocket();
        server.bind(new InetSocketAddress(InetAddress.getByName(address), port), 200);
        var acceptor = new Acceptor() {
            @Override
            public End accept() throws IOException {
                Socket socket = server.accept();
                try {
                    socket.setTcpNoDelay(true);
                    return wrapper.wrap(socket);
                } catch (IOException e) {
                    socket.close();
                    throw e;
                }
            }

            @Override
            public void close() throws IOException {
                server.close();
            }
        };
        return new Peer(acceptor, server.getLocalSocketAddress(), behaviour);
    }

    static Peer unix(Path path, Behaviour behaviour) throws IOException {
        var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(path), 200);
        var acceptor = new Acceptor() {
            @Override
            public End accept() throws IOException {
                return new ChannelEnd(server.accept());
            }

            @Override
            public void close() throws IOException {
                server.close();
            }
        };
        return new Peer(acceptor, server.getLocalAddress(), behaviour);
    }

    /** Keeps nothing of a connection that was served, for very many of them. */
    Peer forgetting() {
        isForgetting = true;
        return this;
    }

    /** Sends back what it gets. */
    static void echo(End end) throws IOException {
        end.in().transferTo(end.out());
    }

    /** Keeps the connection open and does nothing, until the client ends it. */
    public static void hold(End end) throws IOException {
        end.in().transferTo(OutputStream.nullOutputStream());
    }

    /** Keeps the connection open and reads nothing, until the server is closed. */
    static void ignore(End end) throws InterruptedException {
        new CountDownLatch(1).await();
    }

    public TcpEndpoint endpoint() {
        return endpoint(((InetSocketAddress) address).getAddress().getHostAddress());
    }

    /** The same server under another name. */
    public TcpEndpoint endpoint(String host) {
        return TcpEndpoint.of(host, ((InetSocketAddress) address).getPort());
    }

    int accepted() {
        return accepted.size();
    }

    /** The other end of what was accepted as the n-th, from 0 on. */
    public End end(int n) {
        await().until(() -> accepted.size() > n);
        return accepted.get(n);
    }

    End last() {
        return end(accepted.size() - 1);
    }

    /** The other end of a client's connection. */
    End endOf(Object localAddress) {
        if (localAddress instanceof UnixDomainSocketAddress) {
            return lastOfUnix();
        }
        int port = ((InetSocketAddress) localAddress).getPort();
        await().until(() -> accepted.stream().anyMatch(end -> end.clientPort() == port));
        return accepted.stream()
                .filter(end -> end.clientPort() == port)
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    /** Clients of Unix-domain sockets have no address; but once a later one was echoed, all before it were accepted. */
    private End lastOfUnix() {
        try (var later = SocketChannel.open(address)) {
            later.write(ByteBuffer.wrap(new byte[1]));
            later.read(ByteBuffer.allocate(1));
            return accepted.get(accepted.size() - 2);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Throwable> failures() {
        return failures;
    }

    private void accept() {
        try {
            while (true) {
                End end = acceptor.accept();
                accepted.add(end);
                threads.execute(() -> serve(end));
            }
        } catch (IOException e) {
            if (!isClosed) {
                failures.add(e);
            }
        }
    }

    private void serve(End end) {
        try {
            behaviour.serve(end);
            end.close();
        } catch (Exception e) {
            if (!isForgetting) {
                failures.add(e);
            }
        } finally {
            if (isForgetting) {
                closeQuietly(end);
                accepted.remove(end);
            }
        }
    }

    private static void closeQuietly(End end) {
        try {
            end.close();
        } catch (IOException e) {
            // It counts as closed all the same.
        }
    }

    private static Thread newThread(Runnable task) {
        var thread = new Thread(task, "peer");
        thread.setDaemon(true);
        return thread;
    }

    /** Ends all connections and threads, behaviours that sleep too. */
    @Override
    public void close() throws IOException {
        isClosed = true;
        acceptor.close();
        Uninterruptibles.joinUninterruptibly(accepting, ENOUGH); // behind it, nothing more is accepted
        for (End end : accepted) {
            end.reset();
        }
        threads.shutdownNow();
        if (accepting.isAlive() || !Uninterruptibles.awaitTerminationUninterruptibly(threads, ENOUGH)) {
            throw new IllegalStateException("threads of a server do not end");
        }
    }

    private record SocketEnd(Socket socket) implements End {
        @Override
        public InputStream in() throws IOException {
            return socket.getInputStream();
        }

        @Override
        public OutputStream out() throws IOException {
            return socket.getOutputStream();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }

        @Override
        public void reset() throws IOException {
            abort(socket);
        }

        @Override
        public void shutdownOutput() throws IOException {
            socket.shutdownOutput();
        }

        @Override
        public int clientPort() {
            return socket.getPort();
        }
    }

    private static void abort(Socket socket) throws IOException {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            if (!socket.isClosed()) { // as its behaviour may have done meanwhile
                throw e;
            }
        }
    }

    /**
     * The close of an SSLSocket is never called: it reads what is left of the peer's data, and when a thread that reads
     * gets that first, waits until more comes, which may be never (JDK 25). Here the goodbye is said and the socket below
     * closed, which waits for nobody.
     */
    private record TlsEnd(SSLSocket tls, Socket raw) implements End {
        @Override
        public InputStream in() throws IOException {
            return tls.getInputStream();
        }

        @Override
        public OutputStream out() throws IOException {
            return tls.getOutputStream();
        }

        @Override
        public void close() throws IOException {
            try {
                shutdownOutput();
            } finally {
                raw.close();
            }
        }

        @Override
        public void reset() throws IOException {
            abort(raw);
        }

        @Override
        public void shutdownOutput() throws IOException {
            if (!tls.isClosed()) {
                tls.shutdownOutput();
            }
        }

        @Override
        public int clientPort() {
            return raw.getPort();
        }
    }

    private record ChannelEnd(SocketChannel channel) implements End {
        /** Not those of Channels, of which one that waits to read holds off the other. */
        @Override
        public InputStream in() {
            return new InputStream() {
                @Override
                public int read() throws IOException {
                    var one = new byte[1];
                    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
                }

                @Override
                public int read(byte[] target, int offset, int length) throws IOException {
                    return channel.read(ByteBuffer.wrap(target, offset, length));
                }
            };
        }

        @Override
        public OutputStream out() {
            return new OutputStream() {
                @Override
                public void write(int b) throws IOException {
                    write(new byte[] {(byte) b});
                }

                @Override
                public void write(byte[] source, int offset, int length) throws IOException {
                    for (var bytes = ByteBuffer.wrap(source, offset, length); bytes.hasRemaining(); ) {
                        channel.write(bytes);
                    }
                }
            };
        }

        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void reset() {
            close();
        }

        @Override
        public void shutdownOutput() throws IOException {
            channel.shutdownOutput();
        }

        @Override
        public int clientPort() {
            return 0;
        }
    }
}
