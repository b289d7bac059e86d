package io.genericpool.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.websocket.internal.handshake.HandshakeRequest;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebSocketEndpointTest {
    @ParameterizedTest
    @CsvSource({
        "wss://host/p, WSS://HOST:443/p",
        "wss://host/p, https://host/p",
        "ws://host/, http://Host:80",
        "ws://host/, ws://host",
        "ws://host/a/c, ws://host/a/b/../c",
        "ws://[::1]:81/, ws://[0:0:0:0:0:0:0:1]:81/",
        "ws://host:8080/x?a=1, http://host:8080/x?a=1",
    })
    void equalsWhateverLeadsToTheSamePlace(String canonical, String other) {
        assertThat(WebSocketEndpoint.of(other))
                .isEqualTo(WebSocketEndpoint.of(canonical))
                .hasSameHashCodeAs(WebSocketEndpoint.of(canonical));
        assertThat(WebSocketEndpoint.of(other).uri()).isEqualTo(URI.create(canonical));
        assertThat(WebSocketEndpoint.of(URI.create(other))).isEqualTo(WebSocketEndpoint.of(canonical));
    }

    @ParameterizedTest
    @CsvSource({
        "ws://host/, wss://host/",
        "ws://host/a, ws://host/A",
        "ws://host/?a=1, ws://host/?a=2",
        "ws://u:p@host/, ws://u:q@host/",
        "ws://host:80/, ws://host:81/",
        "ws://host:443/, wss://host:443/",
    })
    void differsWhereItMatters(String one, String other) {
        assertThat(WebSocketEndpoint.of(one)).isNotEqualTo(WebSocketEndpoint.of(other));
    }

    @Test
    void tellsItsParts() {
        var endpoint = WebSocketEndpoint.of("wss://Stream.Example.com/ws/a%20b?x=1");
        assertThat(endpoint.isSecure()).isTrue();
        assertThat(endpoint.host()).isEqualTo("stream.example.com");
        assertThat(endpoint.port()).isEqualTo(443);
        assertThat(endpoint.path()).isEqualTo("/ws/a%20b");
        assertThat(endpoint.origin()).isEqualTo("wss://stream.example.com");
        assertThat(WebSocketEndpoint.of("ws://[::1]:81/").origin()).isEqualTo("ws://[::1]:81");
    }

    @Test
    void showsNoSecrets() {
        var endpoint = WebSocketEndpoint.of("wss://user:hush@host/ws?token=hush&hush&b=");
        assertThat(endpoint).hasToString("wss://host/ws?token=***&***&b=***");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "host",
                "/path",
                "ftp://u:hush@host/?hush",
                "ws:",
                "ws://",
                "ws:host",
                "ws:///path",
                "ws://host:99999/?hush",
                "ws://host:0x/",
                "ws://u:hush@host:-1/",
                "ws://host/#fragment",
                "ws://u:hu?sh@host:-1/",
                "mailto:hush@host",
                "ws://ho st/?hush"
            })
    void refusesWhatIsNoEndpointWithoutTellingSecrets(String bad) {
        assertThatThrownBy(() -> WebSocketEndpoint.of(bad))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("endpoint must be ")
                .hasMessageContaining(bad.contains("host") ? "\"" : "but is")
                .satisfies(
                        e -> assertThat(e.getMessage()).doesNotContain("hush").doesNotContain("u:hu"));
    }

    @ParameterizedTest
    @CsvSource({
        "/ws, wss://base:444/ws",
        "ws?x=1, wss://base:444/top/ws?x=1",
        "ws://other/x, ws://other/x",
        "https://other, wss://other/",
        "/a:b, wss://base:444/a:b",
    })
    void resolvesAPathAgainstItself(String pathOrUri, String expected) {
        assertThat(WebSocketEndpoint.of("wss://base:444/top/leaf").resolve(pathOrUri))
                .isEqualTo(WebSocketEndpoint.of(expected));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//other-host/x",
                "//base:444/x",
                "/\\other-host/x",
                "\\\\other-host/x",
                "///x",
                "https:other-host/x",
                "https:/other-host/x",
                "https:x",
                "/a\r\nX: y",
                "/a\tb",
                "/a\u0000",
                " /a",
                "/a ",
                "\n/a",
                "/#x",
                "https://other-host/a\r\nX: y",
                " https://other-host/",
                "wss:other-host/x",
                "javascript:alert(1)"
            })
    void leadsAPathNowhereElse(String text) {
        assertThatThrownBy(() -> WebSocketEndpoint.of("ws://base:444/top/leaf").resolve(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("endpoint must be ")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\r", "\n", "\t", "\u0000"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ws://host/a\r\nX: y",
                "ws://ho\tst/",
                "ws://host/\u0000",
                " ws://host/",
                "ws://host/ ",
                "ws://host/\u007f"
            })
    void dropsNoCharacterSilently(String text) {
        assertThatThrownBy(() -> WebSocketEndpoint.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("endpoint must be a text without control characters");
    }

    @Test
    void makesABasicAuthorizationOfItsUserInformation() {
        assertThat(HandshakeRequest.basicAuthorization(
                        WebSocketEndpoint.of("ws://Aladdin:open%20sesame@host/").toHttpUrl()))
                .contains("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        assertThat(HandshakeRequest.basicAuthorization(
                        WebSocketEndpoint.of("ws://host/").toHttpUrl()))
                .isEmpty();
    }

    /** Their paths are made of "Aa" and "BB", which have the same hash code in any order. */
    @Test
    void endpointsWithOneHashCodeAreInAnOrderThatAgreesWithEquality() {
        List<WebSocketEndpoint> colliding = new ArrayList<>();
        for (int bits = 0; bits < 64; bits++) {
            var path = new StringBuilder("wss://host/");
            for (int bit = 0; bit < 6; bit++) {
                path.append((bits >> bit & 1) == 0 ? "Aa" : "BB");
            }
            colliding.add(WebSocketEndpoint.of(path.toString()));
        }
        assertThat(colliding)
                .extracting(WebSocketEndpoint::hashCode)
                .containsOnly(colliding.get(0).hashCode());
        for (var one : colliding) {
            for (var other : colliding) {
                assertThat(one.compareTo(other) == 0).isEqualTo(one.equals(other));
                assertThat(Integer.signum(one.compareTo(other))).isEqualTo(-Integer.signum(other.compareTo(one)));
            }
            assertThat(one).isEqualByComparingTo(WebSocketEndpoint.of(one.uri()));
        }
    }
}
