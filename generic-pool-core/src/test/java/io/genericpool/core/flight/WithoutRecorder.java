package io.genericpool.core.flight;

import io.genericpool.core.ConnectionPools;
import io.genericpool.spi.ConnectionManager;
import java.time.Duration;

/** A pool in a process without the module jdk.jfr. */
final class WithoutRecorder {
    private WithoutRecorder() {}

    public static void main(String[] arguments) {
        String recorder = ModuleLayer.boot().findModule("jdk.jfr").isPresent() ? "recorder" : "no recorder";
        var pool = ConnectionPools.builder(new Texts()).build();
        pool.connection("a").release();
        long granted = pool.stats().granted();
        pool.close();
        System.out.println(recorder + ", " + granted + " lease, closed");
    }

    private static final class Texts implements ConnectionManager<String, String> {
        @Override
        public String create(String endpoint, Duration timeout) {
            return endpoint;
        }

        @Override
        public void dispose(String endpoint, String connection, Duration timeout) {}
    }
}
