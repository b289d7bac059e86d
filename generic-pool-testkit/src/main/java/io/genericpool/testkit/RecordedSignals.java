package io.genericpool.testkit;

import io.genericpool.spi.ConnectionSignals;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Remembers whether a connection has signalled its death. */
final class RecordedSignals implements ConnectionSignals {
    private final CountDownLatch dead = new CountDownLatch(1);

    @Override
    public void dead(@Nullable Throwable cause) {
        dead.countDown();
    }

    @Override
    public void retire() {}

    @Override
    public void suspect() {}

    boolean isDead() {
        return dead.getCount() == 0;
    }

    boolean awaitDead(long millis) throws InterruptedException {
        return dead.await(millis, TimeUnit.MILLISECONDS);
    }
}
