package io.genericpool.tcp;

import com.google.common.base.CharMatcher;
import io.genericpool.support.SafeText;
import io.genericpool.tcp.internal.connect.Transport;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Builds a {@link TlsConnectionManager}. */
public final class TlsConnectionManagerBuilder extends InternetManagerBuilder<TlsConnectionManagerBuilder> {
    private @Nullable SSLContext context;
    private TrustManager @Nullable [] trustManagers;
    private KeyManager @Nullable [] keyManagers;
    private boolean verifyHostName = true;
    private @Nullable Function<? super TcpEndpoint, String> serverName;
    private List<String> applicationProtocols = List.of();
    private Consumer<? super SSLParameters> customizer = parameters -> {};

    TlsConnectionManagerBuilder() {
        super("tls");
    }

    /**
     * Sets the TLS context: the trusted certificates, and the client's own ones. Excludes {@link #trustStore} and
     * {@link #keyStore}.
     *
     * @param value the JDK's default context unless set
     * @return this
     */
    public TlsConnectionManagerBuilder sslContext(SSLContext value) {
        context = Objects.requireNonNull(value, "sslContext");
        return this;
    }

    /**
     * Sets the trusted certificates.
     *
     * @param value a store with the certificates of authorities; the JDK's own unless set
     * @return this
     * @throws IllegalArgumentException when the store is not usable
     */
    public TlsConnectionManagerBuilder trustStore(KeyStore value) {
        Objects.requireNonNull(value, "trustStore");
        try {
            var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(value);
            trustManagers = factory.getTrustManagers();
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("trustStore cannot be used", e);
        }
        return this;
    }

    /**
     * Sets the client's own certificates, for servers that ask for one.
     *
     * @param value a store with keys and their certificates
     * @param password the password of the keys; not kept
     * @return this
     * @throws IllegalArgumentException when the store is not usable, for example with a wrong password
     */
    public TlsConnectionManagerBuilder keyStore(KeyStore value, char[] password) {
        Objects.requireNonNull(value, "keyStore");
        try {
            var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(value, password);
            keyManagers = factory.getKeyManagers();
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("keyStore cannot be used", e);
        }
        return this;
    }

    /**
     * Sets whether the server's certificate must match the endpoint's host, or the name set by {@link #serverName}.
     * Without this check, any holder of a trusted certificate can intercept the connection.
     *
     * @param value true unless set
     * @return this
     */
    public TlsConnectionManagerBuilder verifyHostName(boolean value) {
        verifyHostName = value;
        return this;
    }

    /**
     * Sets the server name to request (SNI) when it is not the endpoint's host, for example when the host is an
     * address.
     *
     * @param value returns the name for an endpoint; unless set, the endpoint's host, or no name if the host is an
     *     address or has no dot
     * @return this
     */
    public TlsConnectionManagerBuilder serverName(Function<? super TcpEndpoint, String> value) {
        serverName = Objects.requireNonNull(value, "serverName");
        return this;
    }

    /**
     * Sets the application protocols to offer by ALPN, the preferred one first.
     *
     * @param names protocols such as {@code h2}; none unless set
     * @return this
     * @throws IllegalArgumentException when a name is empty, longer than 255 characters or not visible ASCII
     */
    public TlsConnectionManagerBuilder applicationProtocols(String... names) {
        for (String name : names) {
            if (name.isEmpty()
                    || name.length() > 255
                    || !CharMatcher.inRange('!', '~').matchesAllOf(name)) {
                throw new IllegalArgumentException(
                        "applicationProtocols must have 1 to 255 visible characters of ASCII each," + " but one is \""
                                + SafeText.label(name) + "\"");
            }
        }
        applicationProtocols = List.of(names);
        return this;
    }

    /**
     * Sets a function for parameters without a setter here, such as versions and cipher suites. It is called at each
     * connection attempt, after all other settings are applied.
     *
     * @param value changes the given parameters
     * @return this
     */
    public TlsConnectionManagerBuilder customizeParameters(Consumer<? super SSLParameters> value) {
        customizer = Objects.requireNonNull(value, "customizeParameters");
        return this;
    }

    @Override
    TlsConnectionManagerBuilder self() {
        return this;
    }

    @Override
    Transport<TcpEndpoint> transport(Executor executor) {
        return transport(
                executor, new TlsClient(chooseContext(), verifyHostName, serverName, applicationProtocols, customizer));
    }

    private SSLContext chooseContext() {
        if (context != null && (trustManagers != null || keyManagers != null)) {
            throw new IllegalStateException("sslContext excludes trustStore and keyStore, but both are set");
        }
        if (context != null) {
            return context;
        }
        try {
            if (trustManagers == null && keyManagers == null) {
                return SSLContext.getDefault();
            }
            var own = SSLContext.getInstance("TLS");
            own.init(keyManagers, trustManagers, null);
            return own;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no TLS", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the context for TLS cannot be made", e);
        }
    }

    @Override
    public TlsConnectionManager build() {
        return TlsConnectionManager.of(this);
    }
}
