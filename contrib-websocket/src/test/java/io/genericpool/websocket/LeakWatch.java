package io.genericpool.websocket;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import okhttp3.OkHttpClient;
import okhttp3.internal.concurrent.TaskRunner;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class during which OkHttp has found a connection that nobody has closed or can close any more. Registered
 * for all of them; found by the collector, so it may be one of an earlier class. The stack trace tells where it was opened.
 */
public final class LeakWatch implements BeforeAllCallback, AfterAllCallback {
    private static final Queue<LogRecord> LEAKS = new ConcurrentLinkedQueue<>();

    private static final Duration LAST_LOOKS = Duration.ofSeconds(3);

    /** Loggers are weakly held by their manager, and forget their filters with their lives. */
    private static final Logger LOGGER = Logger.getLogger(OkHttpClient.class.getName());

    static {
        // A machine on which others build too: what is waited for comes, but late.
        Awaitility.setDefaultTimeout(Managed.SOON);
        LOGGER.setFilter(entry -> !(entry.getMessage().contains("was leaked") && LEAKS.add(entry)));
        // So that OkHttp keeps the stack trace of each call.
        LOGGER.setLevel(Level.FINE);
    }

    /** Found by JUnit. */
    public LeakWatch() {}

    /** Takes the next leak that was found. */
    static LogRecord poll() {
        return LEAKS.poll();
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        context.getRoot()
                .getStore(ExtensionContext.Namespace.create(LeakWatch.class))
                .getOrComputeIfAbsent(LastLook.class, type -> new LastLook(), LastLook.class);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        // Client's pools look through their connections each second, so this is for the classes that follow.
        System.gc();
        check();
    }

    private static void check() {
        LogRecord leak = poll();
        if (leak != null) {
            throw new AssertionError(leak.getMessage(), leak.getThrown());
        }
    }

    /**
     * A client's pool looks through its connections each second for as long as it has any, and has none once it has found
     * the last one leaked. A pool that still has some then has them in use, which is no leak.
     */
    private static void awaitLastLooks() {
        try {
            await().atMost(LAST_LOOKS)
                    .until(() -> TaskRunner.INSTANCE.activeQueues().isEmpty());
        } catch (ConditionTimeoutException e) {
            // Each has had its look.
        }
    }

    /** What the last classes have left behind. */
    private static final class LastLook implements AutoCloseable {
        @Override
        public void close() {
            System.gc();
            awaitLastLooks();
            check();
        }
    }
}
