package io.genericpool.core.report;

import io.genericpool.core.ConnectionPools;
import io.genericpool.testkit.ScriptedManager;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;

/** A pool without a collector in a process whose memory runs out. */
final class ShortOfMemory {
    private static final int ENDPOINTS = 1_000;
    private static final int PIECE = 64 << 10;

    private ShortOfMemory() {}

    public static void main(String[] arguments) {
        var pool = ConnectionPools.builder(ScriptedManager.<String>plain())
                .totalMaxSize(ENDPOINTS)
                .idleTimeout(Duration.ofHours(1))
                .backgroundCollector(false)
                .build();
        for (int i = 0; i < ENDPOINTS; i++) {
            pool.connection("endpoint-" + i).release();
        }
        var read = new WeakReference<>(pool.recentEndpointStats());
        System.gc();
        boolean isKept = read.get() != null;
        fill();
        System.out.println("read " + pool.stats().endpoints() + ", kept " + isKept + ", then " + (read.get() != null)
                + ", read " + pool.recentEndpointStats().size());
        pool.close(Duration.ZERO);
    }

    private static void fill() {
        var pieces = new ArrayList<byte[]>();
        try {
            while (true) {
                pieces.add(new byte[PIECE]);
            }
        } catch (OutOfMemoryError e) {
            pieces.clear(); // all that could be let go of is gone by now
        }
    }
}
