package io.genericpool.core.memory;

import io.genericpool.AcquireTimeoutException;
import io.genericpool.core.ConnectionPools;
import io.genericpool.spi.ConnectionManager;
import java.time.Duration;
import java.util.concurrent.CompletionException;

/** An application as a container runs it: it uses a pool in every way that starts a thread or a timer, and closes it. */
public final class RedeployedApplication implements Runnable {
    private static final class Manager implements ConnectionManager<String, Object> {
        @Override
        public Object create(String endpoint, Duration timeout) {
            return new Object();
        }

        @Override
        public void dispose(String endpoint, Object connection, Duration timeout) {}
    }

    @Override
    public void run() {
        var pool = ConnectionPools.builder(new Manager())
                .name("redeployed")
                .maxSize(1)
                .build();
        var lease = pool.connection("a");
        try {
            pool.connectionAsync("a", Duration.ofMillis(20)).join();
            throw new AssertionError("two leases of one connection");
        } catch (CompletionException e) {
            if (!(e.getCause() instanceof AcquireTimeoutException)) {
                throw e;
            }
        }
        var patient = pool.connectionAsync("a", Duration.ofHours(1)); // a timer that is cancelled long before it is due
        lease.release();
        patient.join().release();
        if (!pool.close(Duration.ofSeconds(20)).isClean()) {
            throw new AssertionError("not closed in time");
        }
    }
}
