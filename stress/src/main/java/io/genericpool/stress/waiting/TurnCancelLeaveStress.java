package io.genericpool.stress.waiting;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.genericpool.Lease;
import io.genericpool.stress.support.HeldTask;
import io.genericpool.stress.support.StressConnection;
import io.genericpool.stress.support.StressPool;
import java.util.concurrent.CompletableFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * The pool may make one connect at a time, and a second endpoint's connect waits for its turn. The turn comes while the
 * request is cancelled: the connect is made, or withdrawn. Shows I36.
 */
@JCStressTest
@Outcome(id = "granted, 1 leased, 0 idle, 0 waiting, 2 open", expect = ACCEPTABLE, desc = "The turn was faster.")
@Outcome(
        id = "cancelled, 0 leased, 1 idle, 0 waiting, 2 open",
        expect = ACCEPTABLE,
        desc = "The connect had begun: its connection joined the pool.")
@Outcome(id = "cancelled, gone, 1 open", expect = ACCEPTABLE, desc = "The cancel was faster: no connect was made.")
@Outcome(expect = FORBIDDEN, desc = "The turn, the slot or the request was lost.")
@State
public class TurnCancelLeaveStress {
    private final HeldTask connect = new HeldTask();
    private final StressPool stress = new StressPool(1, 2, connect, builder -> builder.totalMaxConnects(1));
    private final CompletableFuture<Lease<String, StressConnection>> first = stress.queue(StressPool.A);
    private final CompletableFuture<Lease<String, StressConnection>> second = stress.queue(StressPool.B);

    @Actor
    public void leaves() {
        connect.run();
    }

    @Actor
    public void cancels() {
        second.cancel(true);
    }

    @Arbiter
    public void books(LL_Result r) {
        r.r1 = first.isDone() ? StressPool.outcome(second) : "waits";
        r.r2 = stress.booksAndOpen(StressPool.B);
    }
}
