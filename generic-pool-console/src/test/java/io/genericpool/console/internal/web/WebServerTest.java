package io.genericpool.console.internal.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.console.EventReader;
import io.genericpool.console.Http;
import io.genericpool.console.internal.feed.Feed;
import io.genericpool.console.internal.feed.FeedClock;
import io.genericpool.support.PoolThreads;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server on a clock of the test, and with threads that do not start. */
@Timeout(120)
class WebServerTest {
    private static final String TOKEN = "correct-horse-battery";

    private final Feed feed = new Feed(List.of(), FeedClock.SYSTEM);

    private static WebSettings settings(int port) {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        return new WebSettings(address, Set.of(), TOKEN, false);
    }

    @Test
    void theStreamEndsWithItsSession() throws Exception {
        var now = new AtomicLong();
        try (var server = new WebServer(settings(0), feed, now::get, PoolThreads::named)) {
            String cookie = login(server);
            try (var reader = new EventReader(server.address(), cookie)) {
                reader.next("full");
                assertThat(reader.next().name()).isEqualTo("delta");
                now.addAndGet(Duration.ofHours(12).toNanos() + 1);
                int frames = 0;
                while (reader.next() != null) {
                    frames++;
                    assertThat(frames).as("frames after the end of the session").isLessThan(3);
                }
            }
            try (var again = new EventReader(server.address(), cookie)) {
                assertThat(again.status).isEqualTo(401);
            }
        }
    }

    private static String login(WebServer server) throws Exception {
        String cookie = Http.post(server.address(), "/login", "token=" + TOKEN)
                .headers()
                .get("set-cookie");
        return cookie.substring(0, cookie.indexOf(';'));
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("pool-console")
                        || thread.getName().startsWith("HTTP-Dispatcher")
                        || thread.getName().contains("idle-timeout-task"))
                .collect(Collectors.toSet());
    }

    private static int freePort() throws Exception {
        try (var unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return unused.getLocalPort();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pool-console-sampler", "pool-console-starter"})
    void aServerThatCannotHaveItsThreadsLeavesNothingOpen(String missing) throws Exception {
        Set<Thread> before = threads();
        int port = freePort();
        assertThatThrownBy(() -> new WebServer(settings(port), feed, System::nanoTime, name -> without(missing, name)))
                .isInstanceOf(OutOfMemoryError.class);
        Awaitility.await().untilAsserted(() -> assertThat(threads()).isSubsetOf(before));
        assertThat(feed.join("late")).as("the feed is closed").isNull();
        var next = new Feed(List.of(), FeedClock.SYSTEM);
        try (var server = new WebServer(settings(port), next)) {
            assertThat(Http.get(server.address(), "/").status())
                    .as("at the same port")
                    .isEqualTo(401);
        }
    }

    private static ThreadFactory without(String missing, String name) {
        if (name.equals(missing)) {
            throw new OutOfMemoryError("unable to create native thread");
        }
        return PoolThreads.named(name);
    }
}
