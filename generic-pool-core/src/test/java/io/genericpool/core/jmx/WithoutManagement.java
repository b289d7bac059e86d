package io.genericpool.core.jmx;

import io.genericpool.core.ConnectionPoolBuilder;
import io.genericpool.core.ConnectionPools;
import io.genericpool.spi.ConnectionManager;
import java.time.Duration;

/** Pools in a process without the module java.management. */
final class WithoutManagement {
    private static final String NAME = "unmanaged";

    private WithoutManagement() {}

    public static void main(String[] arguments) {
        boolean present = ModuleLayer.boot().findModule("java.management").isPresent();
        String management = present ? "management" : "no management";
        try {
            builder().registerMBean(true).build().close();
            System.out.println(management + ": registered");
        } catch (IllegalStateException e) {
            System.out.println(management + ": " + e.getMessage());
        }
        boolean hasThreads = Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().startsWith(NAME));
        System.out.println(hasThreads ? "threads left" : "no threads left");
        try (var pool = builder().build()) {
            pool.connection("a").release();
            System.out.println(pool.stats().granted() + " lease without registration");
        }
    }

    private static ConnectionPoolBuilder<String, String> builder() {
        return ConnectionPools.builder(new Texts()).name(NAME);
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
