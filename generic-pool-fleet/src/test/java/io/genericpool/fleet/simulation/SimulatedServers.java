package io.genericpool.fleet.simulation;

/** The endpoints, each of which counts its own connections. */
final class SimulatedServers {
    final int[] cap;
    private final int[] open;
    private int mostOverCap;

    SimulatedServers(int[] cap) {
        this.cap = cap;
        this.open = new int[cap.length];
    }

    void open(int endpoint) {
        open[endpoint]++;
        mostOverCap = Math.max(mostOverCap, open[endpoint] - cap[endpoint]);
    }

    void close(int endpoint, int connections) {
        open[endpoint] -= connections;
    }

    /** The most that an endpoint had beyond its cap since the last call. */
    int takeMostOverCap() {
        int most = mostOverCap;
        mostOverCap = 0;
        return most;
    }
}
