package io.genericpool.stress;

/** What a pool of one connection is to its users. */
public class SemaphoreOfOne {
    private final int[] held = new int[LeasingThreads.MOST_THREADS];
    private int leased;

    public boolean tryConnection(int thread) {
        if (leased == 1) {
            return false;
        }
        leased = 1;
        held[thread] = 1;
        return true;
    }

    public boolean release(int thread) {
        if (held[thread] == 0) {
            return false;
        }
        leased = 0;
        held[thread] = 0;
        return true;
    }

    public void releaseAgain() {}

    public int leased() {
        return leased;
    }
}
