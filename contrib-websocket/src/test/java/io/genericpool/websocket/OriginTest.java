package io.genericpool.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a text may lead that comes from outside. */
class OriginTest {
    private static WebSocketPoolBuilder builder() {
        return WebSocketPool.builder().baseUri("ws://base:444/top/leaf").allowOrigin("wss://other.example.com/any");
    }

    @ParameterizedTest
    @ValueSource(strings = {"//other-host/x", "\\\\other-host\\x", "/\\other-host", "https:other-host/x", "/a\r\nX: y"})
    void aPathLeadsToNoOtherOriginWhateverIsSet(String path) {
        for (boolean allowedOnly : new boolean[] {true, false}) {
            try (var pool = builder().allowedOriginsOnly(allowedOnly).build()) {
                assertThatThrownBy(() -> pool.connection(path)).isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> pool.tryConnection(path)).isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> pool.warmUp(path, 1)).isInstanceOf(IllegalArgumentException.class);
                assertThat(pool.stats().endpoints()).isZero();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ws://evil.example.com/x",
                "wss://base:444/x",
                "ws://base:445/x",
                "ws://base/",
                "https://other.example.com:8443/"
            })
    void aFullUriLeadsOnlyWhereItIsAllowedToWhenThatIsSet(String uri) {
        try (var pool = builder().allowedOriginsOnly(true).build()) {
            assertThatThrownBy(() -> pool.endpoint(uri))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("[ws://base:444, wss://other.example.com]");
        }
        try (var pool = builder().build()) {
            assertThat(pool.endpoint(uri)).isEqualTo(WebSocketEndpoint.of(uri));
        }
        var builder = builder().allowedOriginsOnly(true).warmUp(1, uri);
        assertThatThrownBy(builder::build).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void allowedOriginsAreThoseOfTheBaseAndThoseThatAreAllowed() {
        try (var pool = builder().allowedOriginsOnly(true).build()) {
            assertThat(pool.endpoint("ws://base:444/x").path()).isEqualTo("/x");
            assertThat(pool.endpoint("https://OTHER.example.com/y").path()).isEqualTo("/y");
            assertThat(pool.endpoint("/z").origin()).isEqualTo("ws://base:444");
        }
        assertThatThrownBy(
                        () -> WebSocketPool.builder().allowedOriginsOnly(true).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("allowedOriginsOnly must come with");
    }
}
