package io.genericpool.core.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.core.ConnectionPools;
import io.genericpool.spi.PoolClock;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A container drops an application's class loader; no thread of the JVM that outlives the pool holds it. */
@Timeout(120)
class RedeployTest {
    private static URL codeOf(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation();
    }

    /** A method of its own, whose frame holds the loader and is gone. */
    private static WeakReference<ClassLoader> runAndDrop() throws Exception {
        URL[] code = {
            codeOf(RedeployedApplication.class),
            codeOf(ConnectionPools.class),
            codeOf(PoolClock.class),
            codeOf(Logger.class),
            codeOf(LoggerFactory.getILoggerFactory().getClass())
        };
        var loader = new URLClassLoader("the application's", code, ClassLoader.getPlatformClassLoader());
        var ended = new CompletableFuture<@Nullable Void>();
        var application = (Runnable) Class.forName(RedeployedApplication.class.getName(), true, loader)
                .getConstructor()
                .newInstance();
        assertThat(application.getClass()).isNotEqualTo(RedeployedApplication.class);
        var main = new Thread(() -> {
            try {
                application.run();
                ended.complete(null);
            } catch (Throwable e) {
                ended.completeExceptionally(e);
            }
        });
        main.setContextClassLoader(loader);
        main.start();
        ended.get(60, TimeUnit.SECONDS);
        main.join();
        loader.close();
        return new WeakReference<>(loader);
    }

    @Test
    void theClassLoaderOfAnApplicationIsCollectedWithinSecondsOfTheClose() throws Exception {
        WeakReference<ClassLoader> loader = runAndDrop();
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> {
                    System.gc();
                    assertThat(loader.get()).isNull();
                });
    }
}
