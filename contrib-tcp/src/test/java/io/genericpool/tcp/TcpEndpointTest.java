package io.genericpool.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.tcp.internal.connect.HostNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TcpEndpointTest {
    @ParameterizedTest
    @CsvSource({
        "DB.Example.com:5432, db.example.com, 5432",
        "10.0.0.7:1, 10.0.0.7, 1",
        "[2001:DB8:0:0:0:0:0:1]:443, 2001:db8::1, 443",
        "[::1]:65535, ::1, 65535",
        "[::ffff:10.0.0.7]:80, 10.0.0.7, 80",
        "[FE80::0:1%eth0]:80, fe80::1%eth0, 80",
        "my_service.internal.:80, my_service.internal., 80",
        "b\u00fccher.example:80, xn--bcher-kva.example, 80",
        "B\u00dcCHER.Example:80, xn--bcher-kva.example, 80",
        "bu\u0308cher.example:80, xn--bcher-kva.example, 80",
        "XN--BCHER-KVA.example:80, xn--bcher-kva.example, 80",
        "\u4f8b\u3048\u3002\u30c6\u30b9\u30c8:80, xn--r8jz45g.xn--zckzah, 80",
        "\uff11\uff12\uff17.0.0.1:80, 127.0.0.1, 80"
    })
    void oneEndpointHasOneForm(String text, String host, int port) {
        TcpEndpoint endpoint = TcpEndpoint.of(text);
        assertThat(endpoint.host()).isEqualTo(host);
        assertThat(endpoint.port()).isEqualTo(port);
        assertThat(TcpEndpoint.of(endpoint.toString()))
                .isEqualTo(endpoint)
                .hasSameHashCodeAs(endpoint)
                .isEqualByComparingTo(endpoint);
        assertThat(TcpEndpoint.of(host, port)).isEqualTo(endpoint);
        assertThat(TcpEndpoint.of(text.substring(0, text.lastIndexOf(':')), port))
                .isEqualTo(endpoint);
    }

    @Test
    void ipv6AddressesMayStandInBracketsOrNot() {
        assertThat(TcpEndpoint.of("[::1]", 80)).isEqualTo(TcpEndpoint.of("::1", 80));
        assertThat(TcpEndpoint.of("::1", 80)).hasToString("[::1]:80");
    }

    @ParameterizedTest
    @ValueSource(strings = {"example.com", "10.0.0.7", "[::1]", "::1"})
    void aMissingPortIsNamed(String text) {
        assertThatThrownBy(() -> TcpEndpoint.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must have a port")
                .hasMessageContaining(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "example.com:0",
                "example.com:65536",
                "example.com:-1",
                "example.com:http",
                "[::1:80",
                "[::1]x:80",
                "example.com:80:90"
            })
    void whatIsNoHostAndPortIsNamed(String text) {
        assertThatThrownBy(() -> TcpEndpoint.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(text);
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 65_536, Integer.MAX_VALUE})
    void aPortOutOfBoundsIsNamedWithItsBounds(int port) {
        assertThatThrownBy(() -> TcpEndpoint.of("a", port))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("port must be from 1 to 65535, but is " + port);
    }

    static List<String> badHosts() {
        var bad = new ArrayList<>(List.of(
                "",
                "a\r\nX: y",
                "a b",
                "a\tb",
                "a\u00a0b",
                "a\u2028b",
                "a\u0000",
                "a\u007f",
                "user@host",
                "a/b",
                "a\\b",
                "a?b",
                "a#b",
                "a%b",
                "10.0.0.7%eth0",
                "a\uff0fb", // becomes a slash
                "a\uff20b", // becomes an at-sign
                "\u2100.example", // becomes a/c
                "a..b",
                ".a",
                "x".repeat(64) + ".example",
                ("x".repeat(50) + ".").repeat(5) + "example",
                "x".repeat(1_000_000),
                "fa\u00df.example", // IDNA 2003: fass.example, IDNA 2008: xn--fa-hia.example
                "\u03b2\u03cc\u03bb\u03bf\u03c2.example",
                "\ud83d\ude00.example",
                "[a]",
                "[10.0.0.7]",
                ":::",
                "1:2",
                "fe80::1%",
                "fe80::1%a b",
                "fe80::1%a\r\nb",
                "fe80::1%" + "x".repeat(65)));
        for (char c : "<>[]^|\"`{},;".toCharArray()) {
            bad.add("a" + c + "b");
        }
        return bad;
    }

    @ParameterizedTest
    @MethodSource("badHosts")
    void whatIsNoHostIsRefusedAtOnceInOneShortLine(String host) {
        assertThatThrownBy(() -> TcpEndpoint.of(host, 80))
                .isInstanceOf(IllegalArgumentException.class)
                .satisfies(e -> {
                    assertThat(e.getMessage()).hasSizeLessThan(400);
                    assertThat(e.getMessage().chars()).noneMatch(c -> Character.isISOControl(c) || c == 0x2028);
                });
    }

    @Test
    void endpointsAreOrderedByHostAndPort() {
        var ordered =
                List.of(TcpEndpoint.of("a:9"), TcpEndpoint.of("a:10"), TcpEndpoint.of("b:1"), TcpEndpoint.of("b:2"));
        var shuffled = new ArrayList<>(ordered);
        Collections.reverse(shuffled);
        assertThat(new TreeSet<>(shuffled)).containsExactlyElementsOf(ordered);
    }

    /** A map with bins of 16,384 such keys is slow unless they can be compared. */
    @Test
    void endpointsWithOneHashCodeDifferInTheirOrder() {
        TcpEndpoint one = TcpEndpoint.of("a", 80 + 31);
        TcpEndpoint other = TcpEndpoint.of("b", 80);
        assertThat(one).hasSameHashCodeAs(other).isNotEqualTo(other).isNotEqualByComparingTo(other);
    }

    @Test
    void anAddressWithAScopeIsRefusedBeforeAProxyIsAsked() {
        var proxy = SocketProxy.socks5(TcpEndpoint.of("127.0.0.1:1"));
        var manager = TcpConnectionManager.builder().proxy(proxy).build();
        assertThatThrownBy(() -> manager.create(TcpEndpoint.of("[fe80::1%1]:80"), Duration.ofSeconds(20)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("endpoint [fe80::1%1]:80 has a scope, but SOCKS 5 proxy 127.0.0.1:1 cannot use scopes");
    }

    @Test
    void tlsKnowsAHostWithoutScopeAndTrailingDot() {
        assertThat(HostNames.forTls("db.example.")).isEqualTo("db.example");
        assertThat(HostNames.forTls("fe80::1%eth0")).isEqualTo("fe80::1");
        assertThat(HostNames.forTls("db.example")).isEqualTo("db.example");
    }
}
