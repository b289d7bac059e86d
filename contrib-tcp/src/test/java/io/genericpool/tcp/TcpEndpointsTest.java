package io.genericpool.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.net.HostAndPort;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TcpEndpointsTest {
    @ParameterizedTest
    @CsvSource({
        "DB.Example.com:5432, db.example.com, 5432",
        "10.0.0.7:1, 10.0.0.7, 1",
        "[2001:DB8:0:0:0:0:0:1]:443, 2001:db8::1, 443",
        "[::1]:65535, ::1, 65535"
    })
    void oneEndpointHasOneForm(String text, String host, int port) {
        assertThat(TcpEndpoints.of(text)).isEqualTo(HostAndPort.fromParts(host, port));
        assertThat(TcpEndpoints.of(TcpEndpoints.of(text).toString())).isEqualTo(TcpEndpoints.of(text));
        assertThat(TcpEndpoints.of(TcpEndpoints.of(text).getHost(), port)).isEqualTo(TcpEndpoints.of(text));
    }

    @Test
    void ipv6AddressesMayStandInBracketsOrNot() {
        assertThat(TcpEndpoints.of("[::1]", 80)).isEqualTo(TcpEndpoints.of("::1", 80));
        assertThat(TcpEndpoints.of("::1", 80)).hasToString("[::1]:80");
    }

    @ParameterizedTest
    @ValueSource(strings = {"example.com", "10.0.0.7", "[::1]", "::1"})
    void aMissingPortIsNamed(String text) {
        assertThatThrownBy(() -> TcpEndpoints.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must have a port")
                .hasMessageContaining(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"example.com:0", "example.com:65536", "example.com:-1", "example.com:http", ":80", "[::1:80"})
    void whatIsNoHostAndPortIsNamed(String text) {
        assertThatThrownBy(() -> TcpEndpoints.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(text);
    }

    @Test
    void badPortsAndHostsOfPartsAreNamed() {
        assertThatThrownBy(() -> TcpEndpoints.of("a", 0)).hasMessage("port must be from 1 to 65535, but is 0");
        assertThatThrownBy(() -> TcpEndpoints.of("a", 65_536)).hasMessage("port must be from 1 to 65535, but is 65536");
        assertThatThrownBy(() -> TcpEndpoints.of("", 80)).hasMessageContaining("must have a host");
        assertThatThrownBy(() -> TcpEndpoints.of("a\r\nX: y", 80))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must have a host")
                .hasMessageNotContaining("\n");
    }

    @Test
    void aConnectToAnEndpointWithoutPortSaysSo() {
        var manager = TcpConnectionManager.builder().build();
        assertThatThrownBy(() -> manager.create(HostAndPort.fromHost("example.com"), Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("endpoint must have a port, but is \"example.com\"");
    }

    @Test
    void aProxyWithoutPortIsRefused() {
        assertThatThrownBy(() -> SocketProxy.socks5(HostAndPort.fromHost("proxy")))
                .hasMessage("proxy must have a port, but is \"proxy\"");
    }
}
