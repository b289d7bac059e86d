package io.genericpool.testkit;

import io.genericpool.spi.LeaseScope;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The scope of a lease that a test ends. */
final class TestScope implements LeaseScope {
    private final AtomicReference<@Nullable Runnable> action = new AtomicReference<>();
    private volatile boolean active = true;

    @Override
    public boolean isActive() {
        return active;
    }

    @Override
    public void onEnd(Runnable end) {
        if (!action.compareAndSet(null, end)) {
            throw new IllegalStateException("onEnd is called a second time");
        }
    }

    void end() {
        active = false;
        var end = action.getAndSet(null);
        if (end != null) {
            end.run();
        }
    }
}
