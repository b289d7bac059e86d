package io.genericpool.tcp;

import io.genericpool.PoolConfig;
import io.genericpool.spi.HostResolver;
import io.genericpool.support.Nanos;
import io.genericpool.tcp.internal.connect.Lookups;
import io.genericpool.tcp.internal.connect.Pace;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/**
 * The settings for TCP, with or without TLS.
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
     * Sets whether small writes are sent at once ({@code TCP_NODELAY}). Otherwise, the system may hold them back for up
     * to some 40 ms, until the peer has acknowledged earlier writes.
     *
     * @param value true unless set
     * @return this
     */
    public final B noDelay(boolean value) {
        requiredOptions.put(StandardSocketOptions.TCP_NODELAY, value);
        return self();
    }

    /**
     * Sets whether the system probes silent connections and ends them when the peer has vanished
     * ({@code SO_KEEPALIVE}). The system's settings define when probing starts, which is after two hours on most
     * systems.
     *
     * @param value true unless set
     * @return this
     */
    public final B keepAlive(boolean value) {
        requiredOptions.put(StandardSocketOptions.SO_KEEPALIVE, value);
        return self();
    }

    /**
     * Enables the system's probes and sets their times. A vanished peer is detected after
     * {@code idle + count * interval}.
     *
     * @param idle the silent time before the first probe; 1 s to 32,767 s, in whole seconds
     * @param interval the time between probes; 1 s to 32,767 s, in whole seconds
     * @param count the number of unanswered probes before the connection ends; 1 to 127
     * @return this
     * @throws UnsupportedOperationException when this system's sockets do not have these options
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
     * Sets the local address of connections, on a machine with several addresses.
     *
     * @param value the address; chosen by the system unless set
     * @return this
     */
    public final B localAddress(InetAddress value) {
        localAddress = new InetSocketAddress(Objects.requireNonNull(value, "localAddress"), 0);
        return self();
    }

    /**
     * Sets the delay before the next address of a host is tried while the previous attempt is still in progress. The
     * first address to connect is used, and the other sockets are closed (RFC 8305, "Happy Eyeballs"). When an address
     * fails, the next attempt starts at once. The delay is shorter when the time of the connection attempt is too short
     * for all addresses.
     *
     * <p>Up to 8 sockets may connect at once for one connection of the pool. With more addresses, the longest-running
     * attempt makes room for the next. All sockets but one are closed before that one is used. A server that accepts
     * late may see a connection that ends at once.
     *
     * @param value 10 ms or more, 250 ms unless set; {@link PoolConfig#NO_LIMIT} tries the addresses one after another
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
     * Sets the time limit of the attempt to connect to one of a host's addresses. The pool's {@code connectTimeout}
     * limits all of these attempts together, including the lookup, the proxy and the TLS handshake.
     *
     * @param value more than zero; {@link PoolConfig#NO_LIMIT}, the default, means the time of the whole connection
     *     attempt, or an equal share of it when {@link #attemptDelay} tries the addresses one after another
     * @return this
     */
    public final B attemptTimeout(Duration value) {
        attemptTimeout = Nanos.ofPositive("attemptTimeout", value);
        return self();
    }

    /**
     * Sets how long an address is tried after the host's other addresses, once its attempt has failed or a later
     * attempt has overtaken it. The manager remembers up to 1,000 addresses.
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
     * Sets the resolver of host names, including the proxy's. The manager calls it once per connection attempt, on its
     * executor, and for a pool with {@code addressWatch}. Simultaneous attempts to the same host share one answer. When
     * a call exceeds the time of a connection attempt, another call starts, up to four per host. The manager alternates
     * IPv4 and IPv6 addresses, and tries those last that failed recently.
     *
     * @param value {@link HostResolver#SYSTEM} unless set
     * @return this
     */
    public final B resolver(HostResolver value) {
        resolver = Objects.requireNonNull(value, "resolver");
        return self();
    }

    /**
     * Sets a proxy to connect through.
     *
     * @param value the proxy; none unless set
     * @return this
     */
    public final B proxy(SocketProxy value) {
        proxy = Objects.requireNonNull(value, "proxy");
        return self();
    }

    @Override
    final AddressSource<TcpEndpoint> addresses() {
        HostResolver asked = resolver;
        SocketProxy through = proxy;
        return endpoint -> {
            TcpEndpoint next = through == null ? endpoint : through.address();
            return asked.resolveAll(List.of(next.host()));
        };
    }

    final InternetTransport transport(Executor executor, @Nullable TlsClient tls) {
        return new InternetTransport(
                tuning(localAddress),
                new Lookups(resolver::resolve, executor, clock),
                new Pace(attemptDelay, attemptTimeout, failedAddressMemory),
                proxy,
                tls);
    }
}
