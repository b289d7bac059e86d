package io.genericpool.testkit.fleet;

import io.genericpool.spi.shared.Batch;
import io.genericpool.spi.shared.FleetEngine;
import io.genericpool.spi.shared.Reply;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What stands between one process of a fleet and its engine, and does harm to what passes. */
final class Link implements FleetEngine {
    private final FleetEngine engine;
    private final boolean lossy;
    private volatile boolean dead;
    private volatile @Nullable Batch before;
    /** Done, except during a pause: what arrives then is delivered after it. */
    private volatile CompletableFuture<Object> open = CompletableFuture.completedFuture(this);

    /** A lossy one gives no hints, sends each batch twice, and the one before it once more. */
    Link(FleetEngine engine, boolean lossy) {
        this.engine = engine;
        this.lossy = lossy;
    }

    /** As when the process was killed: it says nothing any more. */
    void die() {
        dead = true;
    }

    void pause() {
        open = new CompletableFuture<>();
    }

    void resume() {
        open.complete(this);
    }

    @Override
    public CompletionStage<Reply> sync(Batch batch) {
        if (dead) {
            return new CompletableFuture<>();
        }
        CompletionStage<Reply> reply = engine.sync(batch);
        if (lossy) {
            Batch late = before;
            CompletionStage<Reply> unused = engine.sync(batch);
            if (late != null) {
                unused = engine.sync(late);
            }
            before = batch;
        }
        return reply.handle((answer, failure) -> open.thenCompose(opened -> failure == null
                        ? CompletableFuture.completedFuture(answer)
                        : CompletableFuture.<Reply>failedFuture(failure)))
                .thenCompose(held -> held);
    }

    @Override
    public Subscription subscribe(String fleet, String session, HintListener listener) {
        if (lossy) {
            return () -> {};
        }
        return engine.subscribe(fleet, session, endpoints -> {
            CompletableFuture<Void> unused = open.thenRun(() -> listener.hint(endpoints));
        });
    }

    @Override
    public void close() {
        engine.close();
    }
}
