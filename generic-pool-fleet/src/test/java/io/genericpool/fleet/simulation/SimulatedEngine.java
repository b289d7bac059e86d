package io.genericpool.fleet.simulation;

import io.genericpool.fleet.InProcessEngine;
import io.genericpool.spi.shared.Batch;
import io.genericpool.spi.shared.FleetEngine;
import io.genericpool.spi.shared.Reply;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The engine inside the process, as seen by one process over a network: each way takes a millisecond. */
final class SimulatedEngine implements FleetEngine {
    private static final long ONE_WAY = SimulatedTime.MILLI;

    /** What all processes see of it. */
    static final class Network {
        final InProcessEngine engine;
        final SimulatedTime time;
        long calls;
        boolean down;

        Network(InProcessEngine engine, SimulatedTime time) {
            this.engine = engine;
            this.time = time;
        }
    }

    private final Network network;
    private final SimulatedProcess process;

    SimulatedEngine(Network network, SimulatedProcess process) {
        this.network = network;
        this.process = process;
    }

    @Override
    public CompletionStage<Reply> sync(Batch batch) {
        var answer = new CompletableFuture<Reply>();
        network.calls++;
        network.time.after(ONE_WAY, () -> {
            if (network.down) {
                process.schedule(() -> answer.completeExceptionally(new IOException("connection refused")), ONE_WAY);
            } else {
                network.engine.sync(batch).thenAccept(reply -> process.schedule(() -> answer.complete(reply), ONE_WAY));
            }
        });
        return answer;
    }

    @Override
    public Subscription subscribe(String fleet, String session, HintListener listener) {
        return network.engine.subscribe(
                fleet, session, endpoints -> process.schedule(() -> listener.hint(endpoints), ONE_WAY));
    }

    @Override
    public void close() {}
}
