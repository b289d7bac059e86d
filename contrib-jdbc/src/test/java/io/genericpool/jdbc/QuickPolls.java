package io.genericpool.jdbc;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Awaitility looks every 100 ms by default; hundreds of short waits in this module would add up to a minute. */
public final class QuickPolls implements BeforeAllCallback {
    private static final Duration INTERVAL = Duration.ofMillis(5);

    /** Made by JUnit. */
    public QuickPolls() {}

    @Override
    public void beforeAll(ExtensionContext context) {
        Awaitility.setDefaultPollInterval(INTERVAL);
        Awaitility.setDefaultPollDelay(Duration.ZERO);
    }
}
