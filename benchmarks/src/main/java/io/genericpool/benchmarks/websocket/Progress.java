package io.genericpool.benchmarks.websocket;

/** Says on the error stream what is being done, apart from the figures. */
final class Progress {
    private static final long BEGAN = System.nanoTime();

    private Progress() {}

    static void say(String what) {
        System.err.printf("%4d s  %s%n", (System.nanoTime() - BEGAN) / 1_000_000_000, what);
    }
}
