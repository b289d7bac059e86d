package io.genericpool.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.PoolConfig;
import java.security.KeyStore;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;

class BadInputTest {
    private final TcpConnectionManagerBuilder tcp = TcpConnectionManager.builder();
    private final TlsConnectionManagerBuilder tls = TlsConnectionManager.builder();

    @Test
    void timesMustBeMoreThanZero() {
        assertThatThrownBy(() -> tcp.readTimeout(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("readTimeout must be more than zero, but is 0 ms");
        assertThatThrownBy(() -> tcp.attemptTimeout(Duration.ofMillis(-1)))
                .hasMessage("attemptTimeout must be more than zero, but is -1 ms");
        assertThat(tcp.readTimeout(PoolConfig.NO_LIMIT).attemptTimeout(PoolConfig.NO_LIMIT))
                .isSameAs(tcp);
    }

    @Test
    void sizesAndCountsMustBePositive() {
        assertThatThrownBy(() -> tcp.receiveBufferSize(0)).hasMessage("receiveBufferSize must be 1 or more, but is 0");
        assertThatThrownBy(() -> tcp.sendBufferSize(-1)).hasMessage("sendBufferSize must be 1 or more, but is -1");
        Duration second = Duration.ofSeconds(1);
        assertThatThrownBy(() -> tcp.keepAlive(Duration.ofMillis(999), second, 1))
                .hasMessage("keepAlive's idle must be 1 s or more, but is 999 ms");
        assertThatThrownBy(() -> tcp.keepAlive(second, Duration.ZERO, 1))
                .hasMessage("keepAlive's interval must be 1 s or more, but is 0 ms");
        assertThatThrownBy(() -> tcp.keepAlive(second, second, 0))
                .hasMessage("keepAlive's count must be 1 or more, but is 0");
    }

    @Test
    void nullsAreNamed() {
        assertThatThrownBy(() -> tcp.unreadData(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("unreadData");
        assertThatThrownBy(() -> tcp.proxy(null)).hasMessage("proxy");
        assertThatThrownBy(() -> tcp.resolver(null)).hasMessage("resolver");
        assertThatThrownBy(() -> tcp.executor(null)).hasMessage("executor");
        assertThatThrownBy(() -> tls.sslContext(null)).hasMessage("sslContext");
    }

    @Test
    void aContextExcludesStores() throws Exception {
        tls.sslContext(SSLContext.getDefault()).trustStore(new Certificates().trustStore());
        assertThatThrownBy(tls::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("sslContext excludes trustStore and keyStore, but both are set");
    }

    @Test
    void aWrongPasswordIsNoticedAtOnceAndNotRepeated() throws Exception {
        KeyStore keys = new Certificates().keyStore(new HeldCertificate.Builder().build());
        assertThatThrownBy(() -> tls.keyStore(keys, "wrong".toCharArray()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("keyStore cannot be used")
                .hasMessageNotContaining("wrong");
    }

    @Test
    void anEmptyProtocolNameIsRefused() {
        assertThatThrownBy(() -> tls.applicationProtocols("h2", "")).isInstanceOf(IllegalArgumentException.class);
    }
}
