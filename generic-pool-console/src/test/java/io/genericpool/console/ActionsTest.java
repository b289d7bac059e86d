package io.genericpool.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Actions are off unless allowed, and asked twice. */
@Timeout(120)
class ActionsTest {
    private final TestPool test = new TestPool("orders");
    private final PoolConsole console =
            PoolConsole.builder().pool(test.pool).allowActions(true).start();
    private final URI address = console.address();
    private final EventReader reader;
    private final String secret;

    ActionsTest() throws Exception {
        test.touch("a");
        reader = new EventReader(address);
        secret = "X-Pool-Console: " + reader.next("hello").get("secret").asText();
        assertThat(reader.next("full").get("pools").get(0).get("labels").toString())
                .isEqualTo("[[1,\"a\"]]");
    }

    @AfterEach
    void close() throws Exception {
        reader.close();
        console.close();
        test.close();
    }

    private static String form(String action) {
        return "pool=0&endpoint=1&action=" + action;
    }

    private JsonNode ask(String form) throws Exception {
        var answer = Http.post(address, "/actions/ask", form, secret);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return new ObjectMapper().readTree(answer.body());
    }

    private Http.Answer confirm(String code) throws Exception {
        return Http.post(address, "/actions/confirm", "code=" + code, secret);
    }

    private int idle() {
        return test.pool.stats().idle();
    }

    @Test
    void anEvictionIsAskedTwice() throws Exception {
        JsonNode question = ask(form("evict"));
        assertThat(question.get("question").asText()).startsWith("Evict a of pool orders?");
        assertThat(idle()).as("asked once").isEqualTo(1);
        assertThat(confirm("wrong").status()).isEqualTo(409);
        assertThat(idle()).isEqualTo(1);
        String code = question.get("code").asText();
        assertThat(confirm(code).status()).isEqualTo(200);
        assertThat(idle()).isZero();
        test.touch("a");
        assertThat(confirm(code).status()).as("a code is good once").isEqualTo(409);
        assertThat(idle()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"suspend-wait,true", "suspend-fail,true", "resume,false"})
    void anEndpointIsSuspendedAndResumed(String action, boolean suspended) throws Exception {
        test.pool.suspend("a", io.genericpool.SuspendMode.WAIT);
        if (suspended) {
            test.pool.resume("a");
        }
        confirm(ask(form(action)).get("code").asText());
        assertThat(test.pool.stats("a").orElseThrow().isSuspended()).isEqualTo(suspended);
    }

    @Test
    void anEndpointIsResized() throws Exception {
        var before = test.pool.stats("a").orElseThrow().limits();
        confirm(ask(form("resize") + "&maxSize=3").get("code").asText());
        assertThat(test.pool.stats("a").orElseThrow().limits()).isEqualTo(before.withMaxSize(3));
    }

    @Test
    void whatThePoolRefusesIsToldAndChangesNothing() throws Exception {
        var before = test.pool.stats("a").orElseThrow().limits();
        String code = ask(form("resize") + "&maxSize=2000000000").get("code").asText();
        var answer = confirm(code);
        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.body()).contains("the pool refused");
        assertThat(test.pool.stats("a").orElseThrow().limits()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "pool=0",
                "pool=1&endpoint=1&action=evict",
                "pool=-1&endpoint=1&action=evict",
                "pool=0&endpoint=9&action=evict",
                "pool=0&endpoint=1&action=close",
                "pool=0&endpoint=1&action=resize",
                "pool=0&endpoint=1&action=resize&maxSize=0",
                "pool=0&endpoint=a&action=evict"
            })
    void whatCannotBeDoneIsRefusedWhenItIsAsked(String form) throws Exception {
        assertThat(Http.post(address, "/actions/ask", form, secret).status()).isEqualTo(400);
    }

    @Test
    void anEndpointThatHasLeftIsToldSo() throws Exception {
        test.pool.evict("a");
        Awaitility.await().until(() -> test.pool.stats("a").isEmpty()); // its connection is disposed by another thread
        var answer = Http.post(address, "/actions/ask", form("evict"), secret);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains("left the pool");
    }

    @Test
    void withoutTheHeaderNothingIsDone() throws Exception {
        String code = ask(form("evict")).get("code").asText();
        for (String header : new String[] {"X-Pool-Console:", "X-Pool-Console: wrong", "X-Other: 1"}) {
            assertThat(Http.post(address, "/actions/ask", form("evict"), header).status())
                    .isEqualTo(403);
            assertThat(Http.post(address, "/actions/confirm", "code=" + code, header)
                            .status())
                    .isEqualTo(403);
        }
        String origin = "Origin: http://evil.example";
        assertThat(Http.post(address, "/actions/confirm", "code=" + code, secret, origin)
                        .status())
                .isEqualTo(403);
        assertThat(idle()).isEqualTo(1);
    }

    @Test
    void actionsAreOffUnlessAllowed() throws Exception {
        try (var readOnly = PoolConsole.start(test.pool);
                var events = new EventReader(readOnly.address())) {
            JsonNode hello = events.next("hello");
            assertThat(hello.get("actions").asBoolean()).isFalse();
            assertThat(hello.has("secret")).isFalse();
            events.next("full");
            assertThat(Http.post(readOnly.address(), "/actions/ask", form("evict"), secret)
                            .status())
                    .isEqualTo(403);
            assertThat(Http.post(readOnly.address(), "/actions/confirm", "code=x", secret)
                            .status())
                    .isEqualTo(403);
            assertThat(idle()).isEqualTo(1);
        }
    }
}
