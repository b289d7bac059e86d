package io.genericpool.stress.waiting;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.genericpool.Lease;
import io.genericpool.stress.support.HeldTask;
import io.genericpool.stress.support.StressConnection;
import io.genericpool.stress.support.StressPool;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * The pool may make one connect at a time. The connect that holds that turn ends while another endpoint's request asks for
 * one: it gets it at once or waits for it, and no turn is lost. Shows I36.
 */
@JCStressTest
@Outcome(id = "granted, 1 leased, 0 idle, 0 waiting, 2 open", expect = ACCEPTABLE, desc = "The connect had its turn.")
@Outcome(expect = FORBIDDEN, desc = "The turn was lost, or the request was.")
@State
public class TurnEnterLeaveStress {
    private final HeldTask connect = new HeldTask();
    private final StressPool stress = new StressPool(1, 2, connect, builder -> builder.totalMaxConnects(1));
    private final CompletableFuture<Lease<String, StressConnection>> first = stress.queue(StressPool.A);
    private volatile @Nullable CompletableFuture<Lease<String, StressConnection>> second;

    @Actor
    public void leaves() {
        connect.run();
    }

    @Actor
    public void enters() {
        second = stress.queue(StressPool.B);
    }

    @Arbiter
    public void books(LL_Result r) {
        CompletableFuture<?> request = second;
        r.r1 = request == null || !first.isDone() ? "waits" : StressPool.outcome(request);
        r.r2 = stress.booksAndOpen(StressPool.B);
    }
}
