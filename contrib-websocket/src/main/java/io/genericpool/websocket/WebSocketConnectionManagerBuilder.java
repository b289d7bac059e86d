package io.genericpool.websocket;

import io.genericpool.spi.PoolClock;
import io.genericpool.support.PoolThreads;
import io.genericpool.websocket.internal.handshake.HandshakeKnobs;
import io.genericpool.websocket.internal.handshake.HeaderRules;
import io.genericpool.websocket.internal.knobs.Bounds;
import io.genericpool.websocket.internal.pool.WebSocketSettings;
import io.genericpool.websocket.internal.queue.QueueKnobs;
import io.genericpool.websocket.internal.socket.SocketSettings;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link WebSocketConnectionManager}. Each setter checks its value, and the message of the
 * {@link IllegalArgumentException} names it. Not thread-safe. One builder may build several managers.
 */
public final class WebSocketConnectionManagerBuilder {
    private static final Duration MIN_CLOSE_TIMEOUT = Duration.ofMillis(1);
    private static final Duration MAX_CLOSE_TIMEOUT = Duration.ofMinutes(1);

    private final HandshakeKnobs handshake = new HandshakeKnobs();
    private final QueueKnobs queues = new QueueKnobs();

    private String name = "websocket";
    private Duration sendTimeout = Duration.ofSeconds(10);
    private Duration closeTimeout = Duration.ofSeconds(3);
    private Duration ioTimeout = Duration.ofSeconds(10);
    private boolean virtualThreads = PoolThreads.HAS_UNPINNED_VIRTUAL;
    private PoolClock clock = PoolClock.system();
    private Consumer<OkHttpClient.Builder> customizer = client -> {};
    private boolean goodbyeOnInvalidate;
    private SocketSettings.@Nullable HeartbeatRules heartbeat;
    private SocketSettings.@Nullable DrainRules drain;
    private @Nullable ConnectionHook openHook;
    private @Nullable ConnectionHook resetHook;
    private Predicate<Message> retireOn = message -> false;
    private SocketSettings.@Nullable RetryRules retry;
    private SocketSettings.@Nullable RateRules connectRate;

    WebSocketConnectionManagerBuilder() {}

    /**
     * Sets the name of the manager's threads.
     *
     * @param value the name; "websocket" unless set
     * @return this
     */
    public WebSocketConnectionManagerBuilder name(String value) {
        name = Objects.requireNonNull(value, "name");
        return this;
    }

    /**
     * Sends a header with each upgrade request, to every endpoint.
     *
     * @param header the name, which must not belong to the handshake itself or to HTTP's framing
     * @param value the value, of printable ASCII characters
     * @return this
     * @throws IllegalArgumentException when the name or the value is not allowed
     */
    public WebSocketConnectionManagerBuilder header(String header, String value) {
        Objects.requireNonNull(value, "value");
        HeaderRules.checkName(header);
        HeaderRules.checkValue(header, value);
        return header(header, () -> value);
    }

    /**
     * Sends a header with each upgrade request, to every endpoint.
     *
     * @param header the name, which must not belong to the handshake itself or to HTTP's framing
     * @param value returns the value; called at each connection attempt, on the connecting thread, within the timeout
     *     of the attempt; may block; when it throws, the attempt fails with that cause
     * @return this
     * @throws IllegalArgumentException when the name is not allowed
     */
    public WebSocketConnectionManagerBuilder header(String header, Supplier<String> value) {
        handshake.header(header, value);
        return this;
    }

    /**
     * Sends headers that depend on the endpoint. They take precedence over headers of the same name set by
     * {@code header}.
     *
     * @param source called at each connection attempt
     * @return this
     */
    public WebSocketConnectionManagerBuilder headers(HandshakeHeaders source) {
        handshake.headers(source);
        return this;
    }

    /**
     * Offers subprotocols. A server that chooses one that was not offered is rejected.
     *
     * @param offered their names, the preferred one first
     * @return this
     */
    public WebSocketConnectionManagerBuilder subprotocols(String... offered) {
        handshake.subprotocols(offered);
        return this;
    }

    /**
     * Sets whether a server that chooses none of the offered subprotocols is rejected.
     *
     * @param value true unless set; has no effect when none is offered
     * @return this
     */
    public WebSocketConnectionManagerBuilder requireSubprotocol(boolean value) {
        handshake.requireSubprotocol(value);
        return this;
    }

    /**
     * Limits the size of a received message. When a peer sends a larger one, the connection is closed with code 1009.
     *
     * @param bytes 1 or more; 4 MiB unless set
     * @return this
     * @throws IllegalArgumentException when the value is below 1
     */
    public WebSocketConnectionManagerBuilder maxMessageSize(int bytes) {
        queues.maxMessageSize(bytes);
        return this;
    }

    /**
     * Limits the messages that have arrived on a connection and were not received yet. An empty queue accepts a message
     * of any allowed size.
     *
     * @param messages 1 or more; 1,024 unless set
     * @param bytes 1 or more, with one byte per character of a text; 16 MiB unless set
     * @return this
     * @throws IllegalArgumentException when a value is below 1
     */
    public WebSocketConnectionManagerBuilder inboundCapacity(int messages, long bytes) {
        queues.inboundCapacity(messages, bytes);
        return this;
    }

    /**
     * Sets what happens when the queue of received messages is full.
     *
     * @param policy the policy; {@link OverflowPolicy#BLOCK} unless set
     * @return this
     */
    public WebSocketConnectionManagerBuilder overflowPolicy(OverflowPolicy policy) {
        queues.overflowPolicy(policy);
        return this;
    }

    /**
     * Sets the number of queued outgoing bytes above which a send waits. An empty queue accepts a message of any
     * allowed size (16 MiB, a limit of OkHttp).
     *
     * @param bytes 1 to 8 MiB; 4 MiB unless set
     * @return this
     * @throws IllegalArgumentException when the value is out of bounds
     */
    public WebSocketConnectionManagerBuilder sendHighWaterMark(long bytes) {
        queues.sendHighWaterMark(bytes);
        return this;
    }

    /**
     * Sets the maximum time a send waits for room.
     *
     * @param timeout zero or more; 10 s unless set
     * @return this
     * @throws IllegalArgumentException when the timeout is negative
     */
    public WebSocketConnectionManagerBuilder sendTimeout(Duration timeout) {
        sendTimeout = Bounds.atLeast("sendTimeout", timeout, Duration.ZERO);
        return this;
    }

    /**
     * Sets the maximum time of a close handshake, after which the connection is cut.
     *
     * @param timeout 1 ms to 1 min; 3 s unless set
     * @return this
     * @throws IllegalArgumentException when the timeout is out of bounds
     */
    public WebSocketConnectionManagerBuilder closeTimeout(Duration timeout) {
        closeTimeout = Bounds.within("closeTimeout", timeout, MIN_CLOSE_TIMEOUT, MAX_CLOSE_TIMEOUT);
        return this;
    }

    /**
     * Sets the maximum time of one read or write on the network. It applies to each step of connecting (TCP for one
     * address, TLS, the answer to the upgrade), to reading within a frame, and to writing a frame. The pool's
     * {@code connectTimeout} limits the whole connection attempt. This timeout does not limit the time between two
     * frames.
     *
     * @param timeout 1 ms to 10 min; 10 s unless set
     * @return this
     * @throws IllegalArgumentException when the timeout is out of bounds
     */
    public WebSocketConnectionManagerBuilder ioTimeout(Duration timeout) {
        ioTimeout = Bounds.within("ioTimeout", timeout, Duration.ofMillis(1), Duration.ofMinutes(10));
        return this;
    }

    /**
     * Sets whether virtual threads read the connections.
     *
     * @param value unless set, true on JDK 24 and later, where nothing pins virtual threads
     * @return this
     * @throws IllegalArgumentException when the value is true and this JVM has no virtual threads, or pins them
     */
    public WebSocketConnectionManagerBuilder virtualThreads(boolean value) {
        if (value && !PoolThreads.HAS_UNPINNED_VIRTUAL) {
            throw new IllegalArgumentException(
                    "virtualThreads must be false before JDK 24, but is true on " + Runtime.version());
        }
        virtualThreads = value;
        return this;
    }

    /**
     * Sets the clock for the timeouts of connection attempts and closes.
     *
     * @param value the clock; the system's unless set
     * @return this
     */
    public WebSocketConnectionManagerBuilder clock(PoolClock value) {
        clock = Objects.requireNonNull(value, "clock");
        return this;
    }

    /**
     * Configures the OkHttp client further: TLS, proxy, DNS, interceptors. The function is called once, when the
     * manager is built. The manager sets the dispatcher, the connection pool, {@code pingInterval} and the timeouts
     * afterwards.
     *
     * <p>An HTTP proxy is asked for a tunnel (CONNECT), also for {@code ws}, unless the user sets a socket factory.
     * Redirects are not followed unless this function enables them. Redirects between ws and wss need their own
     * setting. A redirected upgrade to another origin (scheme, host and port) carries none of the headers set here.
     *
     * @param client receives the client's builder
     * @return this
     */
    public WebSocketConnectionManagerBuilder customizeClient(Consumer<OkHttpClient.Builder> client) {
        customizer = Objects.requireNonNull(client, "customizeClient");
        return this;
    }

    /**
     * Sets whether the peer may compress its messages (permessage-deflate). The size limit applies to the decompressed
     * message. Messages to the peer are never compressed.
     *
     * @param value false unless set
     * @return this
     */
    public WebSocketConnectionManagerBuilder compression(boolean value) {
        handshake.compression(value);
        return this;
    }

    /**
     * Sets whether an invalidated connection is closed with a handshake (code 1000) within the {@code closeTimeout},
     * like an idle one. Otherwise it is cut, and the peer sees code 1006.
     *
     * @param value false unless set, because an invalidated connection mostly no longer works
     * @return this
     */
    public WebSocketConnectionManagerBuilder goodbyeOnInvalidate(boolean value) {
        goodbyeOnInvalidate = value;
        return this;
    }

    /**
     * Sends heartbeats on every connection, in every state. A connection whose peer does not answer is ended.
     *
     * @param value the heartbeat; none unless set
     * @return this
     */
    public WebSocketConnectionManagerBuilder heartbeat(Heartbeat value) {
        heartbeat = Objects.requireNonNull(value, "heartbeat").rules();
        return this;
    }

    /**
     * Holds a connection back after each lease until its peer has been quiet.
     *
     * @param value the drain; none unless set
     * @return this
     */
    public WebSocketConnectionManagerBuilder drain(Drain value) {
        drain = Objects.requireNonNull(value, "drain").rules();
        return this;
    }

    /**
     * Runs a hook with each connection right after it was opened, as part of the connection attempt and within its
     * timeout. Use it to log in or to await a greeting. The hook can receive all messages from the first moment on. The
     * first lease can receive the messages that the hook leaves.
     *
     * @param hook the work; when its stage fails, the connection attempt fails with that cause
     * @return this
     */
    public WebSocketConnectionManagerBuilder onOpen(ConnectionHook hook) {
        openHook = Objects.requireNonNull(hook, "onOpen");
        return this;
    }

    /**
     * Runs a hook with a connection after each lease, before the drain if there is one. Use it to unsubscribe or to
     * await an answer. The releasing thread does not wait, and the connection counts as pending. The pool's
     * {@code resetTimeout} limits the time.
     *
     * @param hook the work; when its stage fails, the connection is discarded
     * @return this
     */
    public WebSocketConnectionManagerBuilder onReset(ConnectionHook hook) {
        resetHook = Objects.requireNonNull(hook, "onReset");
        return this;
    }

    /**
     * Recognises a peer's notice that it will close soon, such as a {@code GoAway} message. The connection is then
     * disposed at its release, or at once when it is idle. The message is received like any other.
     *
     * @param notice called per arriving message, on the reading thread; must not wait
     * @return this
     */
    public WebSocketConnectionManagerBuilder retireOn(Predicate<Message> notice) {
        retireOn = Objects.requireNonNull(notice, "retireOn");
        return this;
    }

    /**
     * Retries a failed connection attempt within its timeout.
     *
     * @param value the number of attempts and the pauses; no retry unless set
     * @return this
     */
    public WebSocketConnectionManagerBuilder retry(Retry value) {
        retry = Objects.requireNonNull(value, "retry").rules();
        return this;
    }

    /**
     * Limits the rate of connection attempts, including retries. An attempt that is too early waits within its timeout.
     *
     * @param value the rate; no limit unless set
     * @return this
     */
    public WebSocketConnectionManagerBuilder connectRate(ConnectRate value) {
        connectRate = Objects.requireNonNull(value, "connectRate").rules();
        return this;
    }

    /**
     * Builds the manager.
     *
     * @return a new manager, to be closed after the pool that uses it
     */
    public WebSocketConnectionManager build() {
        return new WebSocketConnectionManager(settings(endpoint -> Map.of()));
    }

    /**
     * The settings as they are now.
     *
     * @param more headers in addition to those set here, which take precedence
     */
    WebSocketSettings settings(HandshakeHeaders more) {
        var sockets = new SocketSettings(
                handshake.settings(WebSocketEndpoint::toHttpUrl, more),
                queues.settings(DirectMessages.INSTANCE, clock),
                new SocketSettings.Hooks(openHook, resetHook, retireOn),
                heartbeat,
                drain,
                retry,
                connectRate,
                sendTimeout,
                closeTimeout,
                clock);
        return new WebSocketSettings(name, virtualThreads, ioTimeout, customizer, goodbyeOnInvalidate, sockets);
    }
}
