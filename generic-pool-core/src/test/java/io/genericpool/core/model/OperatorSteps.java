package io.genericpool.core.model;

import io.genericpool.EndpointLimits;
import io.genericpool.PoolConfig;
import io.genericpool.PoolException;
import io.genericpool.SuspendMode;
import io.genericpool.core.model.ModelState.Conn;
import io.genericpool.core.model.ModelState.Endpoint;
import io.genericpool.core.model.ModelState.Warm;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** What operators do to a pool, and connections by themselves. */
final class OperatorSteps {
    /** A warm-up that is not over, as the model and as its maker know it. */
    record WarmUp(Warm warm, CompletableFuture<Integer> future) {}

    private final World world;
    private final PoolModel model;
    private final List<WarmUp> warmUps = new ArrayList<>();
    private boolean wasRefused;

    OperatorSteps(World world) {
        this.world = world;
        this.model = world.model;
    }

    void act(Step step, int e) {
        switch (step.kind) {
            case SIGNAL_DEAD, SIGNAL_RETIRE -> signal(step);
            case EVICT -> evict(e);
            case EVICT_ALL -> evictAll();
            case SUSPEND -> suspend(e, step.size % 2 == 0 ? SuspendMode.WAIT : SuspendMode.FAIL);
            case RESUME -> resume(step);
            case RESIZE -> resize(e, step);
            case RESIZE_TOTAL -> resizeTotal(1 + step.size % (world.config.totalMaxSize + 3));
            case WARM_UP -> warmUp(e, step.size % 6);
            case CANCEL_WARM_UP -> cancelWarmUp(step);
            default -> throw new AssertionError(step.kind);
        }
    }

    private void signal(Step step) {
        var connections = world.server.connections;
        var connection = connections.isEmpty() ? null : connections.get(step.which % connections.size());
        if (connection == null || connection.signals == null) {
            return;
        }
        boolean isDeath = step.kind == Step.Kind.SIGNAL_DEAD;
        boolean isOrderly = step.size % 2 == 0;
        world.did(
                () -> (isDeath ? "dead c" : "retire c") + connection.id,
                () -> {
                    if (isDeath) {
                        connection.signals.dead(isOrderly ? null : new IOException("by trace"));
                    } else {
                        connection.signals.retire();
                    }
                },
                () -> {
                    Conn c = model.find(connection.id);
                    if (c != null) {
                        model.signal(c, isDeath, isDeath && !isOrderly);
                    }
                });
    }

    private void evict(int e) {
        world.did(
                () -> "evict e" + e,
                () -> {
                    world.pool.evict(world.targets[e]);
                    world.server.evicted(e);
                },
                () -> evictModel(e));
    }

    private void evictModel(int e) {
        if (model.endpoints[e] != null) {
            model.run(() -> model.evict(model.endpoints[e]));
        }
    }

    private void evictAll() {
        world.did(
                () -> "evict all",
                () -> {
                    world.pool.evictAll();
                    for (int e = 0; e < world.targets.length; e++) {
                        world.server.evicted(e);
                    }
                },
                () -> model.forEach(p -> model.run(() -> model.evict(p))));
    }

    /** An operation that lets an endpoint join, or is refused when it may not. */
    private void join(String what, int e, Runnable toPool, Consumer<Endpoint> toModel) {
        wasRefused = false;
        world.did(
                () -> what,
                () -> {
                    try {
                        toPool.run();
                    } catch (PoolException refused) {
                        wasRefused = true;
                    }
                },
                () -> {
                    Endpoint p = model.join(e);
                    world.server.note((p == null) == wasRefused, "an operator is refused: " + wasRefused);
                    if (p != null) {
                        model.run(() -> toModel.accept(p));
                    }
                });
    }

    private void suspend(int e, SuspendMode mode) {
        join(
                "suspend e" + e + " " + mode,
                e,
                () -> world.pool.suspend(world.targets[e], mode),
                p -> model.suspend(p, mode));
    }

    /** Mostly one that is suspended. */
    private void resume(Step step) {
        for (int i = 0; i < world.targets.length; i++) {
            int e = (step.which + i) % world.targets.length;
            Endpoint p = model.endpoints[e];
            if (p != null && (p.mode != null || step.size % 10 == 0)) {
                world.did(
                        () -> "resume e" + e,
                        () -> world.pool.resume(world.targets[e]),
                        () -> model.run(() -> model.suspend(p, null)));
                return;
            }
        }
    }

    private void resize(int e, Step step) {
        if (step.size % 7 == 3) {
            world.did(() -> "reset limits e" + e, () -> world.pool.resetLimits(world.targets[e]), () -> resetModel(e));
            return;
        }
        int maxSize = 1 + step.which % Math.min(model.max, 6);
        var limits = EndpointLimits.of(step.size % 3 == 0 ? step.size % (maxSize + 1) : 0, maxSize)
                .withMaxConnects(1 + step.size % 4)
                .withReserved(step.which % 2 == 0 ? step.size % (maxSize + 1) : 0)
                .withMaxWaiters(step.size % 5 == 0 ? step.which % 4 : PoolConfig.UNLIMITED);
        join(
                "resize e" + e + " " + limits,
                e,
                () -> world.pool.resize(world.targets[e], limits),
                p -> model.resize(p, limits));
    }

    private void resetModel(int e) {
        if (model.endpoints[e] != null) {
            model.run(() -> model.resetLimits(model.endpoints[e]));
        }
    }

    private void resizeTotal(int total) {
        world.did(
                () -> "resize total " + total,
                () -> world.pool.resizeTotal(total),
                () -> model.run(() -> model.resizeTotal(total)));
    }

    private void warmUp(int e, int connections) {
        var warm = new Warm();
        warm.target = connections;
        var begun = new ArrayList<WarmUp>(1);
        join(
                "warm up e" + e + " " + connections,
                e,
                () -> {
                    var future = world.pool.warmUp(world.targets[e], connections);
                    if (future.isCompletedExceptionally()) {
                        wasRefused = true;
                    } else {
                        begun.add(new WarmUp(warm, future));
                    }
                },
                p -> model.warmUp(p, warm));
        warmUps.addAll(begun);
    }

    private void cancelWarmUp(Step step) {
        if (!warmUps.isEmpty()) {
            var warmUp = RequestSteps.takeOne(warmUps, step.which);
            world.did(() -> "cancel a warm-up", () -> warmUp.future.cancel(true), () -> warmUp.warm.isCancelled = true);
        }
    }

    /** Those that are over must have opened what the model says. */
    void compareWarmUps() {
        for (int i = 0; i < warmUps.size(); i++) {
            var warmUp = warmUps.get(i);
            boolean isDone = warmUp.future.isDone();
            if (isDone != warmUp.warm.isDone || (isDone && warmUp.future.join() != warmUp.warm.opened)) {
                throw new AssertionError("a warm-up: " + warmUp.future + ", but done " + warmUp.warm.isDone
                        + ", opened " + warmUp.warm.opened);
            }
            if (isDone) {
                RequestSteps.takeOne(warmUps, i--);
            }
        }
    }
}
