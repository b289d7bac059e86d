package io.genericpool.stress;

/** Two connections: an acquire looks at one after the other, so that it may miss both while others move them about. */
public class PoolOfTwo extends LeasingThreads {
    public PoolOfTwo() {
        super(2);
    }
}
