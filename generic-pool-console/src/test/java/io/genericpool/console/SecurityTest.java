package io.genericpool.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each rule of docs/console.md on who may ask what. */
@Timeout(120)
class SecurityTest {
    private static final String TOKEN = "correct-horse-battery";

    private final TestPool test = new TestPool("orders");
    private final PoolConsole console = PoolConsole.start(test.pool);
    private final URI address = console.address();

    @AfterEach
    void close() {
        console.close();
        test.close();
    }

    private PoolConsole guarded() {
        return PoolConsole.builder().pool(test.pool).token(TOKEN).start();
    }

    @Test
    void byDefaultOnlyThisMachineCanConnect() throws Exception {
        assertThat(InetAddress.getByName(address.getHost()).isLoopbackAddress()).isTrue();
    }

    @Test
    void anAddressThatOthersCanReachNeedsAToken() {
        var everywhere = new InetSocketAddress("0.0.0.0", 0);
        var builder = PoolConsole.builder().pool(test.pool).address(everywhere);
        assertThatThrownBy(builder::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("needs a token");
        assertThatThrownBy(() -> builder.token("short"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("16")
                .hasMessageNotContaining("short;");
        try (var open = builder.token(TOKEN).start()) {
            assertThatCode(() -> assertThat(Http.get(open.address(), "/events").status())
                            .isEqualTo(401))
                    .doesNotThrowAnyException();
            assertThat(open.address().toString()).doesNotContain(TOKEN);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:PORT",
                "localhost.evil.example:PORT",
                "127.0.0.1:1",
                "127.0.0.1",
                "10.0.0.1:PORT",
                "[fe80::1]:PORT",
                "",
                "localhost:PORT@evil",
                "localhost:99999999999"
            })
    void aForeignHostIsRefused(String host) throws Exception {
        String name = host.replace("PORT", String.valueOf(address.getPort()));
        for (String path : List.of("/", "/events", "/console.js")) {
            assertThat(Http.get(address, path, "Host: " + name).status())
                    .as(path)
                    .isEqualTo(403);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST", "127.0.0.1", "127.0.0.2", "[::1]"})
    void theLoopbackAddressHasSeveralNames(String host) throws Exception {
        assertThat(Http.get(address, "/", "Host: " + host + ":" + address.getPort())
                        .status())
                .isEqualTo(200);
    }

    @Test
    void twoHostsAreRefused() throws Exception {
        String own = "Host: " + address.getAuthority();
        assertThat(Http.get(address, "/", own, "Host: evil.example").status()).isIn(400, 403);
    }

    @Test
    void aHostThatWasNamedIsAllowedAtAnyPort() throws Exception {
        try (var named =
                PoolConsole.builder().pool(test.pool).host("Pools.example").start()) {
            assertThat(Http.get(named.address(), "/", "Host: pools.example").status())
                    .isEqualTo(200);
            assertThat(Http.get(named.address(), "/", "Host: pools.example:8443")
                            .status())
                    .isEqualTo(200);
            assertThat(Http.get(named.address(), "/", "Host: other.example").status())
                    .isEqualTo(403);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://evil.example", "null", "http://localhost:1", "http://127.0.0.1", "file://"})
    void aForeignOriginIsRefused(String origin) throws Exception {
        for (String path : List.of("/", "/events", "/model.js")) {
            assertThat(Http.get(address, path, "Origin: " + origin).status())
                    .as(path)
                    .isEqualTo(403);
        }
        assertThat(Http.post(address, "/seen", "reader=x", "Origin: " + origin).status())
                .isEqualTo(403);
    }

    @Test
    void theOwnOriginIsAllowed() throws Exception {
        String own = "http://" + address.getAuthority();
        assertThat(Http.get(address, "/model.js", "Origin: " + own).status()).isEqualTo(200);
        assertThat(Http.post(address, "/seen", "reader=x", "Origin: " + own).status())
                .isEqualTo(204);
    }

    @Test
    void anotherSiteMayOpenThePageButLoadNothing() throws Exception {
        for (String site : List.of("cross-site", "same-site")) {
            assertThat(Http.get(address, "/", "Sec-Fetch-Site: " + site).status())
                    .isEqualTo(200);
            for (String path : List.of("/events", "/console.js", "/login")) {
                assertThat(Http.get(address, path, "Sec-Fetch-Site: " + site).status())
                        .as(path)
                        .isEqualTo(403);
            }
        }
    }

    @Test
    void noScriptButTheConsolesOwnRunsAndNoFrameShowsIt() throws Exception {
        for (String path : List.of("/", "/console.js", "/nothing")) {
            var answer = Http.get(address, path);
            assertThat(answer.headers().get("content-security-policy"))
                    .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'")
                    .doesNotContain("unsafe", "*", "http");
            assertThat(answer.headers())
                    .containsEntry("x-content-type-options", "nosniff")
                    .containsEntry("x-frame-options", "DENY")
                    .containsEntry("cross-origin-resource-policy", "same-origin")
                    .containsEntry("cache-control", "no-store")
                    .doesNotContainKey("access-control-allow-origin");
        }
        assertThat(Http.get(address, "/").body())
                .doesNotContainPattern("<script(?![^>]*src=)")
                .doesNotContain("style=", "onclick", "http:", "https:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "PATCH"})
    void whatIsReadIsReadOnly(String method) throws Exception {
        for (String path : List.of("/", "/events", "/console.js", "/nothing")) {
            var answer = Http.send(address, method, path, "");
            assertThat(answer.status()).as(path).isEqualTo(405);
            assertThat(answer.headers()).containsEntry("allow", "GET, HEAD");
        }
    }

    @Test
    void whatIsSentIsSentByPost() throws Exception {
        for (String path : List.of("/login", "/seen", "/actions/ask", "/actions/confirm")) {
            assertThat(Http.get(address, path).status()).as(path).isEqualTo(405);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/nothing",
                "/index.html",
                "/../pom.xml",
                "/%2e%2e/pom.xml",
                "//console.js",
                "/Assets.class",
                "/login.html",
                "/console.js/"
            })
    void nothingElseOfTheJarIsServed(String path) throws Exception {
        assertThat(Http.get(address, path).status()).isIn(400, 404);
    }

    @Test
    void aHeadHasNoBody() throws Exception {
        var answer = Http.send(address, "HEAD", "/", "");
        assertThat(answer.status()).isEqualTo(200);
    }

    @Test
    void aLongBodyIsRefused() throws Exception {
        assertThat(Http.post(address, "/seen", "reader=" + "x".repeat(5_000)).status())
                .isEqualTo(400);
        assertThat(Http.post(address, "/seen", "reader=%zz").status()).isEqualTo(400);
    }

    @Test
    void withoutTheTokenThereIsOnlyTheFormThatAsksForIt() throws Exception {
        try (var guarded = guarded()) {
            URI at = guarded.address();
            var page = Http.get(at, "/");
            assertThat(page.status()).isEqualTo(401);
            assertThat(page.body()).contains("type=\"password\"").doesNotContain(TOKEN);
            assertThat(Http.get(at, "/events").status()).isEqualTo(401);
            assertThat(Http.post(at, "/seen", "reader=x").status()).isEqualTo(401);
            assertThat(Http.get(at, "/?token=" + TOKEN).status())
                    .as("never in an address")
                    .isEqualTo(401);
            assertThat(Http.get(at, "/", "Authorization: Bearer " + TOKEN).status())
                    .isEqualTo(200);
            assertThat(Http.get(at, "/", "Authorization: Bearer " + TOKEN + "x").status())
                    .isEqualTo(401);
            assertThat(Http.get(at, "/", "Authorization: Bearer ").status()).isEqualTo(401);
        }
    }

    @Test
    void theRightTokenBeginsASession() throws Exception {
        try (var guarded = guarded()) {
            URI at = guarded.address();
            assertThat(Http.post(at, "/login", "token=wrong").status()).isEqualTo(403);
            var login = Http.post(at, "/login", "token=" + TOKEN);
            assertThat(login.status()).isEqualTo(303);
            String cookie = login.headers().get("set-cookie");
            assertThat(cookie).contains("HttpOnly", "SameSite=Strict", "Path=/").doesNotContain(TOKEN);
            String pair = cookie.substring(0, cookie.indexOf(';'));
            assertThat(Http.get(at, "/", "Cookie: other=1; " + pair).status()).isEqualTo(200);
            assertThat(Http.get(at, "/", "Cookie: " + pair + "x").status()).isEqualTo(401);
            assertThat(Http.get(at, "/", "Cookie: " + pair.split("=")[0] + "=").status())
                    .isEqualTo(401);
        }
    }

    @Test
    void afterManyWrongTokensOthersAreRefusedButNotTheRightOne() throws Exception {
        try (var guarded = guarded()) {
            URI at = guarded.address();
            for (int i = 0; i < 10; i++) {
                assertThat(Http.post(at, "/login", "token=guess" + i).status()).isEqualTo(403);
            }
            assertThat(Http.post(at, "/login", "token=guess10").status()).isEqualTo(429);
            assertThat(Http.get(at, "/", "Authorization: Bearer guess11").status())
                    .isEqualTo(401);
            assertThat(Http.post(at, "/login", "token=" + TOKEN).status()).isEqualTo(303);
            assertThat(Http.get(at, "/", "Authorization: Bearer " + TOKEN).status())
                    .isEqualTo(200);
        }
    }

    @Test
    void aLoginFromAForeignPageIsRefused() throws Exception {
        try (var guarded = guarded()) {
            assertThat(Http.post(guarded.address(), "/login", "token=" + TOKEN, "Origin: http://evil.example")
                            .status())
                    .isEqualTo(403);
        }
    }
}
