package io.genericpool.stress.slot;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.genericpool.Lease;
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
 * A connection dies and is then released, while a request queues for the endpoint. The flag was set before the
 * release, so each request, whenever it comes, gets another connection; and the disposal of the dead one serves the
 * waiter. Shows I5 and I9.
 */
@JCStressTest
@Outcome(
        id = "granted a new one, 1 leased, 0 idle, 0 waiting; peak 1",
        expect = ACCEPTABLE,
        desc = "Served with a connection that was made in place of the dead one.")
@Outcome(
        id = "granted the dead one, .*",
        expect = FORBIDDEN,
        desc = "Handed out although it was flagged before its release.")
@Outcome(id = "waits, .*", expect = FORBIDDEN, desc = "The disposal of the dead connection did not serve the waiter.")
@Outcome(id = ".*peak 2", expect = FORBIDDEN, desc = "The new connection was opened before the dead one was closed.")
@Outcome(expect = FORBIDDEN, desc = "The slot or its permit was lost.")
@State
public class SignalAcquireStress {
    private final StressPool stress = new StressPool(1, 1);
    private final Lease<String, StressConnection> lease = stress.lease(StressPool.A);
    private final StressConnection connection = lease.connection();
    private CompletableFuture<Lease<String, StressConnection>> request = new CompletableFuture<>();

    @Actor
    public void releaser() {
        connection.die();
        lease.release();
    }

    @Actor
    public void acquirer() {
        request = stress.queue(StressPool.A);
    }

    @Arbiter
    public void books(LL_Result r) {
        r.r1 = StressPool.outcome(request);
        if (request.isDone() && !request.isCompletedExceptionally()) {
            r.r1 += request.join().connection() == connection ? " the dead one" : " a new one";
        }
        r.r2 = stress.books(StressPool.A) + "; peak " + stress.peak.get();
    }
}
