package io.genericpool.stress;

import org.jetbrains.lincheck.datastructures.Operation;

/** One connection: each operation, the count among them, must look as if it happened at one instant. */
public class PoolOfOne extends LeasingThreads {
    public PoolOfOne() {
        super(1);
    }

    @Operation
    public int leased() {
        return countLeased();
    }
}
