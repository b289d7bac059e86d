package io.genericpool.tcp;

import io.genericpool.support.SafeText;
import io.genericpool.tcp.internal.connect.HostNames;
import io.genericpool.tcp.internal.connect.TlsHandshake;
import java.nio.channels.ByteChannel;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import tlschannel.ClientTlsChannel;
import tlschannel.TlsChannel;

/**
 * Puts TLS over a socket. One context serves all connections of a manager, which is what lets them resume each other's
 * sessions: the JDK keeps those by context, host and port. Immutable.
 *
 * <p>It is an {@link SSLEngine} over a channel and no {@code SSLSocket}, for the sake of how it ends (and of connects that
 * hold no thread). The close of an {@code SSLSocket} sends its close_notify under the lock that a writer holds while it
 * waits for a peer that reads nothing, without limit unless {@code SO_LINGER} is set; and then it uses up what has arrived,
 * by reads that block when another thread takes that data first (seen on JDK 25: {@code SSLSocketInputRecord.deplete}) or
 * when there is a read timeout, as it waits for a byte then. Here a goodbye is said only as far as the socket takes it at
 * once, and the channel below is closed by the thread that ends the connection.
 */
final class TlsClient {
    private final SSLContext context;
    private final boolean verifyHostName;
    private final @Nullable Function<? super TcpEndpoint, String> serverName;
    private final List<String> applicationProtocols;
    private final Consumer<? super SSLParameters> customizer;

    TlsClient(
            SSLContext context,
            boolean verifyHostName,
            @Nullable Function<? super TcpEndpoint, String> serverName,
            List<String> applicationProtocols,
            Consumer<? super SSLParameters> customizer) {
        this.context = context;
        this.verifyHostName = verifyHostName;
        this.serverName = serverName;
        this.applicationProtocols = applicationProtocols;
        this.customizer = customizer;
    }

    /** A channel over another one; it shakes hands by a {@link TlsHandshake}. */
    TlsChannel over(ByteChannel wire, TcpEndpoint endpoint) {
        return ClientTlsChannel.newBuilder(wire, newEngine(endpoint))
                .withRunTasks(false)
                .build();
    }

    private SSLEngine newEngine(TcpEndpoint endpoint) {
        SSLEngine engine = context.createSSLEngine(HostNames.forTls(endpoint.host()), endpoint.port());
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        if (verifyHostName) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        if (serverName != null) {
            parameters.setServerNames(List.of(nameFor(endpoint, serverName.apply(endpoint))));
        }
        parameters.setApplicationProtocols(applicationProtocols.toArray(String[]::new));
        customizer.accept(parameters);
        engine.setSSLParameters(parameters);
        return engine;
    }

    private static SNIHostName nameFor(TcpEndpoint endpoint, @Nullable String name) {
        if (name == null) {
            throw new NullPointerException("serverName returned null for " + endpoint);
        }
        try {
            return new SNIHostName(name);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "serverName must return a host name, but returned \"" + SafeText.label(name) + "\" for " + endpoint,
                    e);
        }
    }
}
