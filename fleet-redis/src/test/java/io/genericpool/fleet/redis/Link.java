package io.genericpool.fleet.redis;

import io.genericpool.spi.shared.Batch;
import io.genericpool.spi.shared.FleetEngine;
import io.genericpool.spi.shared.Reply;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What stands between one process of a fleet and its engine, and does harm to what passes. */
final class Link implements FleetEngine {
    private final FleetEngine engine;
    private final boolean isLossy;
    private volatile boolean dead;
    private volatile Batch before;

    /** A lossy one gives no hints, sends each batch twice, and the one before it once more. */
    Link(FleetEngine engine, boolean isLossy) {
        this.engine = engine;
        this.isLossy = isLossy;
    }

    /** As when the process was killed: it says nothing any more. */
    void die() {
        dead = true;
    }

    @Override
    public CompletionStage<Reply> sync(Batch batch) {
        if (dead) {
            return new CompletableFuture<>();
        }
        if (!isLossy) {
            return engine.sync(batch);
        }
        CompletionStage<Reply> reply = engine.sync(batch);
        Batch late = before;
        CompletionStage<Reply> unused = engine.sync(batch);
        if (late != null) {
            unused = engine.sync(late);
        }
        before = batch;
        return reply;
    }

    @Override
    public Subscription subscribe(String fleet, String session, HintListener listener) {
        return isLossy ? () -> {} : engine.subscribe(fleet, session, listener);
    }

    @Override
    public void close() {
        engine.close();
    }
}
