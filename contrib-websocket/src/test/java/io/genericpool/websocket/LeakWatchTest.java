package io.genericpool.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LeakWatchTest {
    @Test
    void findsAResponseThatNobodyCloses() throws Exception {
        try (var server = new MockWebServer()) {
            server.enqueue(new MockResponse.Builder().body("never read").build());
            server.start();
            var client = new OkHttpClient.Builder()
                    .connectionPool(new ConnectionPool(0, 50, TimeUnit.MILLISECONDS))
                    .build();
            assertThat(forget(client, server)).isEqualTo(200);
            await().untilAsserted(() -> {
                System.gc();
                var leak = LeakWatch.poll();
                assertThat(leak).isNotNull();
                if (!leak.getMessage().contains(":" + server.getPort())) {
                    throw new IllegalStateException("another test's leak", leak.getThrown());
                }
                assertThat(leak.getThrown().getStackTrace())
                        .anyMatch(frame -> frame.getMethodName().equals("forget"));
            });
            client.dispatcher().executorService().shutdown();
        }
    }

    private static int forget(OkHttpClient client, MockWebServer server) throws IOException {
        Response response = client.newCall(
                        new Request.Builder().url(server.url("/")).build())
                .execute();
        return response.code();
    }
}
