package io.genericpool.websocket;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import okhttp3.OkHttpClient;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class during which OkHttp has found a connection that nobody has closed or can close any more. Registered
 * for all of them; found by the collector, so it may be one of an earlier class. The stack trace tells where it was opened.
 */
public final class LeakWatch implements BeforeAllCallback, AfterAllCallback {
    private static final Queue<LogRecord> LEAKS = new ConcurrentLinkedQueue<>();

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

    /** What the last classes have left behind. */
    private static final class LastLook implements AutoCloseable {
        @Override
        public void close() throws Exception {
            System.gc();
            TimeUnit.MILLISECONDS.sleep(1500); // until every client's pool has looked through its connections
            check();
        }
    }
}
