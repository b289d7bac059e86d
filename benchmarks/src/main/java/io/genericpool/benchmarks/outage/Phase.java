package io.genericpool.benchmarks.outage;

/** What the servers do meanwhile. */
enum Phase {
    /** Not counted. */
    WARM_UP("warm-up"),
    BEFORE("before"),
    DOWN("one of ten is down"),
    BACK("it is back");

    final String label;

    Phase(String label) {
        this.label = label;
    }
}
