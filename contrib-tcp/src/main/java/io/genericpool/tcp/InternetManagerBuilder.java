package io.genericpool.tcp;

import io.genericpool.PoolConfig;
import io.genericpool.support.Nanos;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/**
 * What can be set for TCP, with or without TLS.
 *
 * @param <B> the builder's own type
 */
public abstract class InternetManagerBuilder<B extends InternetManagerBuilder<B>>
        extends SocketManagerBuilder<TcpEndpoint, B> {
    /** What Linux takes; more would fail each connect. */
    private static final int MAX_PROBE_SECONDS = 32_767;

    private static final int MAX_PROBES = 127;

    private long attemptDelay = TimeUnit.MILLISECONDS.toNanos(Pace.DEFAULT_DELAY_MILLIS);
    private long attemptTimeout = Nanos.FOREVER;
    private long failedAddressMemory = TimeUnit.MINUTES.toNanos(1);
    private HostResolver resolver = HostResolver.SYSTEM;
    private @Nullable InetSocketAddress localAddress;
    private @Nullable SocketProxy proxy;

    InternetManagerBuilder(String name) {
        super(name);
        noDelay(true);
        keepAlive(true);
    }

    /**
     * Whether small writes are sent at once, instead of being held back for up to some 40 ms until the peer has
     * acknowledged the ones before ({@code TCP_NODELAY}).
     *
     * @param value true unless set
     * @return this
     */
    public final B noDelay(boolean value) {
        requiredOptions.put(StandardSocketOptions.TCP_NODELAY, value);
        return self();
    }

    /**
     * Whether the system probes a connection on which nothing happens, and ends it when the peer has vanished
     * ({@code SO_KEEPALIVE}); after the time that the system is set to, which is two hours on most.
     *
     * @param value true unless set
     * @return this
     */
    public final B keepAlive(boolean value) {
        requiredOptions.put(StandardSocketOptions.SO_KEEPALIVE, value);
        return self();
    }

    /**
     * Switches the system's probes on and sets their times: a peer that vanished is found after
     * {@code idle + count * interval}.
     *
     * @param idle how long nothing must have happened before the first probe; 1 s to 32,767 s, in whole seconds
     * @param interval the time between probes; 1 s to 32,767 s, in whole seconds
     * @param count how many are sent without an answer; 1 to 127
     * @return this
     * @throws UnsupportedOperationException when this system's sockets have no such options
     */
    public final B keepAlive(Duration idle, Duration interval, int count) {
        int idleSeconds = checkSeconds("keepAlive's idle", idle);
        int intervalSeconds = checkSeconds("keepAlive's interval", interval);
        if (count > MAX_PROBES) {
            throw new IllegalArgumentException("keepAlive's count must be at most " + MAX_PROBES + ", but is " + count);
        }
        requiredOptions.put(ExtendedSocketOptions.TCP_KEEPIDLE, idleSeconds);
        requiredOptions.put(ExtendedSocketOptions.TCP_KEEPINTERVAL, intervalSeconds);
        requiredOptions.put(ExtendedSocketOptions.TCP_KEEPCOUNT, checkPositive("keepAlive's count", count));
        return keepAlive(true);
    }

    private static int checkSeconds(String knob, Duration value) {
        long seconds = Objects.requireNonNull(value, knob).toSeconds();
        if (seconds < 1) {
            throw new IllegalArgumentException(knob + " must be 1 s or more, but is " + Nanos.text(value));
        }
        if (seconds > MAX_PROBE_SECONDS) {
            throw new IllegalArgumentException(
                    knob + " must be at most " + MAX_PROBE_SECONDS + " s, but is " + Nanos.text(value));
        }
        return (int) seconds;
    }

    /**
     * The address that connections are made from, on a machine that has several.
     *
     * @param value the address; the system's choice unless set
     * @return this
     */
    public final B localAddress(InetAddress value) {
        localAddress = new InetSocketAddress(Objects.requireNonNull(value, "localAddress"), 0);
        return self();
    }

    /**
     * How long after one of a host's addresses the next one is tried beside it, when the first has neither connected nor
     * failed. The first to connect is used, and the others are closed (RFC 8305, "Happy Eyeballs"). An address that fails is
     * followed by the next at once. The delay is shorter when the time of the connect would not suffice for all addresses.
     *
     * <p>Up to 8 sockets may be connecting for one connection of the pool. With more addresses, the attempt that has waited
     * longest makes room for the next. All but one are closed before that one is used, but a server that accepts late may
     * see a connection that ends at once.
     *
     * @param value 10 ms or more, 250 ms unless set; {@link PoolConfig#NO_LIMIT} tries one address after the other
     * @return this
     */
    public final B attemptDelay(Duration value) {
        long nanos = Nanos.ofPositive("attemptDelay", value);
        if (nanos < Pace.SHORTEST_DELAY) {
            throw new IllegalArgumentException("attemptDelay must be 10 ms or more, but is " + Nanos.text(nanos));
        }
        attemptDelay = nanos;
        return self();
    }

    /**
     * How long the connect to one of a host's addresses may take before it is given up. The pool's {@code connectTimeout}
     * bounds all of them together, with the lookup, the proxy and the TLS handshake.
     *
     * @param value more than zero; {@link PoolConfig#NO_LIMIT}, the default, for the time of the whole connect, or for an
     *     equal share of it when {@link #attemptDelay} tries one address after the other
     * @return this
     */
    public final B attemptTimeout(Duration value) {
        attemptTimeout = Nanos.ofPositive("attemptTimeout", value);
        return self();
    }

    /**
     * For how long an address is tried after the host's other ones, once its connect has failed or was overtaken by another
     * one's that started later. The manager remembers up to 1,000 addresses.
     *
     * @param value zero or more; 1 minute unless set
     * @return this
     */
    public final B failedAddressMemory(Duration value) {
        Objects.requireNonNull(value, "failedAddressMemory");
        if (value.isNegative()) {
            throw new IllegalArgumentException("failedAddressMemory must be zero or more, but is " + Nanos.text(value));
        }
        failedAddressMemory = Nanos.of(value);
        return self();
    }

    /**
     * Finds the addresses of hosts, the proxy's too.
     *
     * @param value {@link HostResolver#SYSTEM} unless set
     * @return this
     */
    public final B resolver(HostResolver value) {
        resolver = Objects.requireNonNull(value, "resolver");
        return self();
    }

    /**
     * Connects through a proxy.
     *
     * @param value the proxy; none unless set
     * @return this
     */
    public final B proxy(SocketProxy value) {
        proxy = Objects.requireNonNull(value, "proxy");
        return self();
    }

    final InternetTransport transport(Executor executor, @Nullable TlsClient tls) {
        return new InternetTransport(
                tuning(localAddress),
                new Lookups(resolver, executor, clock),
                new Pace(attemptDelay, attemptTimeout, failedAddressMemory),
                proxy,
                tls);
    }
}
