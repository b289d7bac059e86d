package io.genericpool.reliability.sockets;

import io.genericpool.reliability.sockets.FaultyProxy.Fault;
import io.genericpool.reliability.sockets.FaultyProxy.Plan;
import java.util.SplittableRandom;
import java.util.function.IntFunction;

/** Half of the connections are left alone, and each fault gets its share of the others; all follows from a seed. */
public final class FaultPlans implements IntFunction<Plan> {
    private static final Fault[] OF_SIXTEEN = {
        Fault.REFUSE, Fault.BLACKHOLE, Fault.STALL, Fault.RESET, Fault.RESET, Fault.HALF_CLOSE, Fault.CUT, Fault.DELAY
    };

    private final long seed;
    private final int maxBytes;

    /**
     * Makes plans.
     *
     * @param seed what all follows from
     * @param maxBytes a fault strikes after fewer bytes from the server than this
     */
    public FaultPlans(long seed, int maxBytes) {
        this.seed = seed;
        this.maxBytes = maxBytes;
    }

    @Override
    public Plan apply(int connection) {
        var random = new SplittableRandom(seed + connection);
        int dice = random.nextInt(16);
        Fault fault = dice < OF_SIXTEEN.length ? OF_SIXTEEN[dice] : Fault.NONE;
        return new Plan(fault, 1 + random.nextInt(maxBytes));
    }
}
