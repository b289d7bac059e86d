package io.genericpool.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.PoolConfig;
import java.security.KeyStore;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
        assertThatThrownBy(() -> tcp.keepAlive(Duration.ofDays(1), second, 1))
                .hasMessage("keepAlive's idle must be at most 32767 s, but is 1 d");
        assertThatThrownBy(() -> tcp.keepAlive(second, PoolConfig.NO_LIMIT, 1))
                .hasMessageStartingWith("keepAlive's interval must be at most 32767 s");
        assertThatThrownBy(() -> tcp.keepAlive(second, second, 128))
                .hasMessage("keepAlive's count must be at most 127, but is 128");
    }

    @Test
    void theDelayBetweenAddressesHasAFloorAndTheirMemoryNone() {
        assertThatThrownBy(() -> tcp.attemptDelay(Duration.ofMillis(9)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("attemptDelay must be 10 ms or more, but is 9 ms");
        assertThatThrownBy(() -> tcp.attemptDelay(Duration.ZERO))
                .hasMessage("attemptDelay must be more than zero, but is 0 ms");
        assertThatThrownBy(() -> tcp.failedAddressMemory(Duration.ofNanos(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("failedAddressMemory must be zero or more, but is -1 ns");
        assertThat(tcp.attemptDelay(PoolConfig.NO_LIMIT)
                        .failedAddressMemory(Duration.ZERO)
                        .failedAddressMemory(PoolConfig.NO_LIMIT))
                .isSameAs(tcp);
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

    @ParameterizedTest
    @ValueSource(strings = {"", "h 2", "h2\r\n", "h\u00fc"})
    void aProtocolNameThatIsNoneIsRefused(String name) {
        assertThatThrownBy(() -> tls.applicationProtocols("h2", name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 to 255 visible characters");
        assertThatThrownBy(() -> tls.applicationProtocols("x".repeat(256)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
