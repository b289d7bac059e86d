package io.genericpool.console.internal.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.ConnectionPool;
import io.genericpool.core.ConnectionPools;
import io.genericpool.testkit.FakePoolClock;
import io.genericpool.testkit.ScriptedManager;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A foreign pool whose statistics throw. */
class BrokenPoolTest {
    @Test
    @SuppressWarnings("unchecked")
    void itsErrorIsShownAndTheOtherPoolsAreStillSampled() throws Exception {
        var broken = new AtomicBoolean();
        var clock = new FakeFeedClock();
        var poolClock = new FakePoolClock();
        try (var pool = ConnectionPools.builder(ScriptedManager.<String>plain())
                .name("sound")
                .clock(poolClock)
                .connectExecutor(Runnable::run)
                .completionExecutor(Runnable::run)
                .build()) {
            var foreign = (ConnectionPool<String, Object>) Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[] {ConnectionPool.class}, (proxy, method, arguments) -> {
                        if (broken.get()) {
                            throw new IllegalStateException("out of\norder");
                        }
                        return method.invoke(pool, arguments);
                    });
            var feed =
                    new Feed(List.of(new PoolFeed<>(foreign, null, clock), new PoolFeed<>(pool, null, clock)), clock);
            pool.connection("a").close();
            Subscriber reader = feed.join("reader");
            feed.step();
            String full = new String(reader.take(0, TimeUnit.SECONDS), StandardCharsets.UTF_8);
            assertThat(full).contains("\"error\":\"\"").doesNotContain("out of");
            broken.set(true);
            clock.advance(Duration.ofSeconds(1));
            poolClock.advance(Duration.ofSeconds(1));
            pool.connection("b").close();
            feed.step();
            String delta = new String(reader.take(0, TimeUnit.SECONDS), StandardCharsets.UTF_8);
            assertThat(delta).contains("IllegalStateException: out of?order").contains("[[2,\"b\"]]");
            broken.set(false);
            clock.advance(Duration.ofSeconds(1));
            poolClock.advance(Duration.ofSeconds(1));
            feed.step();
            String sound = new String(reader.take(0, TimeUnit.SECONDS), StandardCharsets.UTF_8);
            assertThat(sound).doesNotContain("out of");
        }
    }
}
