package io.genericpool.websocket;

import io.genericpool.spi.PoolClock;
import io.genericpool.support.PoolThreads;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * Configures a {@link WebSocketConnectionManager}. Each value is checked by its setter; the message of the
 * {@link IllegalArgumentException} names it. Not thread-safe; may build several managers.
 */
public final class WebSocketConnectionManagerBuilder {
    private static final long MAX_HIGH_WATER_MARK = 8L * 1024 * 1024;
    private static final Duration MIN_CLOSE_TIMEOUT = Duration.ofMillis(1);
    private static final Duration MAX_CLOSE_TIMEOUT = Duration.ofMinutes(1);

    private final HeaderSources headers = new HeaderSources();

    String name = "websocket";
    List<String> subprotocols = List.of();
    boolean requireSubprotocol = true;
    int maxMessageSize = 4 * 1024 * 1024;
    int inboundMessages = 1024;
    long inboundBytes = 16L * 1024 * 1024;
    OverflowPolicy overflowPolicy = OverflowPolicy.BLOCK;
    long highWaterMark = 4L * 1024 * 1024;
    Duration sendTimeout = Duration.ofSeconds(10);
    Duration closeTimeout = Duration.ofSeconds(3);
    Duration ioTimeout = Duration.ofSeconds(10);
    boolean virtualThreads = PoolThreads.HAS_UNPINNED_VIRTUAL;
    PoolClock clock = PoolClock.system();
    Consumer<OkHttpClient.Builder> customizer = client -> {};
    boolean compression;
    boolean goodbyeOnInvalidate;

    @Nullable
    Heartbeat heartbeat;

    @Nullable
    Drain drain;

    @Nullable
    ConnectionHook openHook;

    @Nullable
    ConnectionHook resetHook;

    Predicate<Message> retireOn = message -> false;

    @Nullable
    Retry retry;

    @Nullable
    ConnectRate connectRate;

    WebSocketConnectionManagerBuilder() {}

    /**
     * Names the manager's threads.
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
     * @param header its name; not one that belongs to the handshake itself, or to HTTP's framing
     * @param value its value, of printable ASCII characters
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
     * @param header its name; not one that belongs to the handshake itself, or to HTTP's framing
     * @param value asked for its value at each connect, on the thread that connects, within the connect's deadline; may
     *     block; when it throws, the connect fails with that cause
     * @return this
     * @throws IllegalArgumentException when the name is not allowed
     */
    public WebSocketConnectionManagerBuilder header(String header, Supplier<String> value) {
        headers.add(header, value);
        return this;
    }

    /**
     * Sends headers that depend on the endpoint. One of the same name takes precedence over one set by {@code header}.
     *
     * @param source asked at each connect
     * @return this
     */
    public WebSocketConnectionManagerBuilder headers(HandshakeHeaders source) {
        headers.set(source);
        return this;
    }

    HeaderSources headerSources() {
        return headers;
    }

    /**
     * Offers subprotocols. A server that chooses one that was not offered is refused.
     *
     * @param offered their names, the preferred one first
     * @return this
     */
    public WebSocketConnectionManagerBuilder subprotocols(String... offered) {
        subprotocols = List.of(offered);
        for (String subprotocol : subprotocols) {
            if (subprotocol.isEmpty() || !subprotocol.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != ',')) {
                throw new IllegalArgumentException(
                        "subprotocols must be names of visible ASCII characters, but one is not");
            }
        }
        return this;
    }

    /**
     * Whether a server that chooses none of the subprotocols offered is refused.
     *
     * @param value true unless set; without effect when none is offered
     * @return this
     */
    public WebSocketConnectionManagerBuilder requireSubprotocol(boolean value) {
        requireSubprotocol = value;
        return this;
    }

    /**
     * Limits a received message. A peer that sends a larger one has its connection closed with code 1009.
     *
     * @param bytes 1 or more; 4 MiB unless set
     * @return this
     * @throws IllegalArgumentException when it is below 1
     */
    public WebSocketConnectionManagerBuilder maxMessageSize(int bytes) {
        maxMessageSize = (int) Bounds.atLeast("maxMessageSize", bytes, 1);
        return this;
    }

    /**
     * Limits the messages that have arrived on a connection and were not received yet. An empty queue takes a message
     * of any allowed size.
     *
     * @param messages 1 or more; 1,024 unless set
     * @param bytes 1 or more, a text counted as one byte a character; 16 MiB unless set
     * @return this
     * @throws IllegalArgumentException when one of them is below 1
     */
    public WebSocketConnectionManagerBuilder inboundCapacity(int messages, long bytes) {
        inboundMessages = (int) Bounds.atLeast("inboundCapacity: messages", messages, 1);
        inboundBytes = Bounds.atLeast("inboundCapacity: bytes", bytes, 1);
        return this;
    }

    /**
     * Chooses what happens when that queue is full.
     *
     * @param policy the policy; {@link OverflowPolicy#BLOCK} unless set
     * @return this
     */
    public WebSocketConnectionManagerBuilder overflowPolicy(OverflowPolicy policy) {
        overflowPolicy = Objects.requireNonNull(policy, "overflowPolicy");
        return this;
    }

    /**
     * Sets the mark of queued outgoing bytes above which a send waits. An empty queue takes a message of any allowed size
     * (16 MiB, a limit of OkHttp).
     *
     * @param bytes 1 to 8 MiB; 4 MiB unless set
     * @return this
     * @throws IllegalArgumentException when it is out of bounds
     */
    public WebSocketConnectionManagerBuilder sendHighWaterMark(long bytes) {
        highWaterMark = Bounds.within("sendHighWaterMark", bytes, 1, MAX_HIGH_WATER_MARK);
        return this;
    }

    /**
     * Sets how long a send waits for room.
     *
     * @param timeout zero or more; 10 s unless set
     * @return this
     * @throws IllegalArgumentException when it is negative
     */
    public WebSocketConnectionManagerBuilder sendTimeout(Duration timeout) {
        sendTimeout = Bounds.atLeast("sendTimeout", timeout, Duration.ZERO);
        return this;
    }

    /**
     * Sets how long a close handshake may take before the connection is cut.
     *
     * @param timeout 1 ms to 1 min; 3 s unless set
     * @return this
     * @throws IllegalArgumentException when it is out of bounds
     */
    public WebSocketConnectionManagerBuilder closeTimeout(Duration timeout) {
        closeTimeout = Bounds.within("closeTimeout", timeout, MIN_CLOSE_TIMEOUT, MAX_CLOSE_TIMEOUT);
        return this;
    }

    /**
     * Sets how long one read or write of the network may take: each step of connecting (TCP for one address, TLS, the
     * answer to the upgrade), reading inside of a frame, writing a frame. The whole connect is bounded by the pool's
     * {@code connectTimeout}; the time between two frames is not bounded by this.
     *
     * @param timeout 1 ms to 10 min; 10 s unless set
     * @return this
     * @throws IllegalArgumentException when it is out of bounds
     */
    public WebSocketConnectionManagerBuilder ioTimeout(Duration timeout) {
        ioTimeout = Bounds.within("ioTimeout", timeout, Duration.ofMillis(1), Duration.ofMinutes(10));
        return this;
    }

    /**
     * Whether connections are read by virtual threads.
     *
     * @param value true on JDK 24 and later unless set, where nothing pins them
     * @return this
     * @throws IllegalArgumentException when it is true and this JVM has none, or pins them
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
     * Sets the clock that deadlines of connects and closes run on.
     *
     * @param value the clock; the system's unless set
     * @return this
     */
    public WebSocketConnectionManagerBuilder clock(PoolClock value) {
        clock = Objects.requireNonNull(value, "clock");
        return this;
    }

    /**
     * Configures the OkHttp client further: TLS, proxy, DNS, interceptors. Called once when the manager is built. The
     * dispatcher, the connection pool, {@code pingInterval} and the timeouts are the manager's and are set afterwards. An
     * HTTP proxy is asked for a tunnel (CONNECT), for {@code ws} too unless there is a socket factory of the user's own.
     * Redirects are not followed unless it says so, those between ws and wss unless it says so too. To another origin
     * (scheme, host and port) a redirected upgrade carries none of the headers that are set here.
     *
     * @param client is given the client's builder
     * @return this
     */
    public WebSocketConnectionManagerBuilder customizeClient(Consumer<OkHttpClient.Builder> client) {
        customizer = Objects.requireNonNull(client, "customizeClient");
        return this;
    }

    /**
     * Whether messages of the peer may be deflated (permessage-deflate). The size limit holds for the inflated message.
     * Messages to the peer are never deflated.
     *
     * @param value false unless set
     * @return this
     */
    public WebSocketConnectionManagerBuilder compression(boolean value) {
        compression = value;
        return this;
    }

    /**
     * Whether a connection that is invalidated is closed with a handshake (code 1000), within the {@code closeTimeout}, as
     * one that was idle. Otherwise it is cut, and the peer sees code 1006.
     *
     * @param value false unless set: a connection that is invalidated is mostly one that does not work any more
     * @return this
     */
    public WebSocketConnectionManagerBuilder goodbyeOnInvalidate(boolean value) {
        goodbyeOnInvalidate = value;
        return this;
    }

    /**
     * Sends heartbeats on every connection, in every state, and ends one whose peer does not answer.
     *
     * @param value the heartbeat; none unless set
     * @return this
     */
    public WebSocketConnectionManagerBuilder heartbeat(Heartbeat value) {
        heartbeat = Objects.requireNonNull(value, "heartbeat");
        return this;
    }

    /**
     * Holds a connection back after each lease until its peer has been quiet.
     *
     * @param value the drain; none unless set
     * @return this
     */
    public WebSocketConnectionManagerBuilder drain(Drain value) {
        drain = Objects.requireNonNull(value, "drain");
        return this;
    }

    /**
     * Does something with each connection right after it was opened, as part of the connect and within its deadline: log
     * in, await a greeting. What arrives from the first moment on can be received by it, and what it leaves by the first lease.
     *
     * @param hook what to do; when its stage fails, the connect fails with that cause
     * @return this
     */
    public WebSocketConnectionManagerBuilder onOpen(ConnectionHook hook) {
        openHook = Objects.requireNonNull(hook, "onOpen");
        return this;
    }

    /**
     * Does something with a connection after each lease, before the drain if there is one: unsubscribe, await the answer.
     * The one who releases does not wait for it; the connection counts as pending. The pool's {@code resetTimeout} bounds
     * it.
     *
     * @param hook what to do; when its stage fails, the connection is discarded
     * @return this
     */
    public WebSocketConnectionManagerBuilder onReset(ConnectionHook hook) {
        resetHook = Objects.requireNonNull(hook, "onReset");
        return this;
    }

    /**
     * Recognises a peer's notice that it will close soon (such as a {@code GoAway} message). The connection is then
     * disposed at its release, or at once when it is idle. The message is received as any other.
     *
     * @param notice called for each message that arrives, on the reading thread; must not wait
     * @return this
     */
    public WebSocketConnectionManagerBuilder retireOn(Predicate<Message> notice) {
        retireOn = Objects.requireNonNull(notice, "retireOn");
        return this;
    }

    /**
     * Tries a connect that has failed again, within its deadline.
     *
     * @param value how often and after what time; not at all unless set
     * @return this
     */
    public WebSocketConnectionManagerBuilder retry(Retry value) {
        retry = Objects.requireNonNull(value, "retry");
        return this;
    }

    /**
     * Limits the rate of connects, those of retries included. One that is too early waits within its deadline.
     *
     * @param value the rate; no limit unless set
     * @return this
     */
    public WebSocketConnectionManagerBuilder connectRate(ConnectRate value) {
        connectRate = Objects.requireNonNull(value, "connectRate");
        return this;
    }

    /**
     * Makes the manager.
     *
     * @return a new manager, to be closed after the pool that uses it
     */
    public WebSocketConnectionManager build() {
        return new WebSocketConnectionManager(new WebSocketSettings(this));
    }
}
