package io.genericpool.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.genericpool.group.Routing;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a server that is busy asks for, and what that means for a session that has other servers. */
@Timeout(60)
class GroupRetryAfterTest {
    private static final Duration LONGEST = Duration.ofMillis(100);
    private static final Duration ASKED = Duration.ofMinutes(5);

    private final MockWebServer busy = new MockWebServer();
    private final MockWebServer other = new MockWebServer();
    private final WebSocketPool pool = WebSocketPool.builder().build();
    private final Queue<WebSocket> sockets = new ConcurrentLinkedQueue<>();
    private final Queue<Duration> pauses = new ConcurrentLinkedQueue<>();
    private final SessionListener listener = new SessionListener() {
        @Override
        public void onMessage(Message message) {}

        @Override
        public void onBackingOff(int failures, Duration pause) {
            pauses.add(pause);
        }
    };

    @BeforeEach
    void start() throws Exception {
        busy.start();
        other.start();
        busy.enqueue(new MockResponse.Builder()
                .code(503)
                .addHeader("Retry-After", ASKED.toSeconds())
                .build());
    }

    @AfterEach
    void stop() {
        pool.close();
        busy.close();
        other.close();
    }

    private void otherAccepts() {
        other.enqueue(new MockResponse.Builder()
                .webSocketUpgrade(new WebSocketListener() {
                    @Override
                    public void onOpen(WebSocket socket, Response response) {
                        sockets.add(socket);
                    }
                })
                .build());
    }

    @Test
    void aPauseThatOneMemberAsksForDoesNotHoldTheSession() {
        otherAccepts();
        other.enqueue(new MockResponse.Builder().code(503).build());
        otherAccepts();
        var group = pool.group(
                "regions",
                Routing.inOrder(),
                busy.url("/busy").toString(),
                other.url("/other").toString());
        try (var session = pool.session(group, listener)
                .backoff(Duration.ofMillis(10), LONGEST)
                .start()) {
            await().until(() -> sockets.size() == 1 && session.state() == SessionState.CONNECTED);
            sockets.remove().close(1001, "restart");
            await().until(() -> other.getRequestCount() == 2 && pauses.size() >= 2);
            assertThat(pauses).allSatisfy(pause -> assertThat(pause).isLessThan(LONGEST.multipliedBy(2)));
            await().until(() -> sockets.size() == 1 && session.state() == SessionState.CONNECTED);
            assertThat(busy.getRequestCount()).isEqualTo(1); // the pool keeps the pause of this member
        }
    }

    @Test
    void aSessionToOneServerWaitsAsItAsks() {
        try (var session = pool.session(busy.url("/busy").toString(), listener)
                .backoff(Duration.ofMillis(10), LONGEST)
                .start()) {
            await().until(() -> !pauses.isEmpty());
            assertThat(pauses).containsExactly(ASKED);
            assertThat(session.state()).isEqualTo(SessionState.BACKING_OFF);
        }
    }
}
