package io.genericpool.core.model;

import io.genericpool.AcquireTimeoutException;
import io.genericpool.ConnectionCreateException;
import io.genericpool.EndpointGroup;
import io.genericpool.EndpointUnavailableException;
import io.genericpool.Lease;
import io.genericpool.PoolClosedException;
import io.genericpool.PoolException;
import io.genericpool.PoolExhaustedException;
import io.genericpool.core.model.ModelState.Group;
import io.genericpool.core.model.ModelState.Waiter;
import io.genericpool.core.model.TraceServer.Connection;
import io.genericpool.core.model.TraceServer.Target;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/** Acquires, releases and whatever else a holder of a future or a lease may do. */
final class RequestSteps {
    private static final int STALE_LEASES = 16;

    /** A request, as its maker holds it. */
    private static final class Request {
        final Waiter waiter = new Waiter();
        CompletableFuture<Lease<Target, Connection>> future;
        CompletableFuture<?> dependent;
        Lease<Target, Connection> lease;
    }

    private final World world;
    private final TraceConfig config;
    private final List<Request> open = new ArrayList<>();
    private final List<Request> held = new ArrayList<>();
    private final Deque<Request> stale = new ArrayDeque<>();
    private int lastRequest;
    long acquires;

    RequestSteps(World world) {
        this.world = world;
        this.config = world.config;
    }

    void acquire(int e, boolean isNew, boolean isAsync, long timeout) {
        var request = request(e, isNew, isAsync, timeout);
        acquires++;
        world.did(
                () -> "acquire r" + request.waiter.id + " " + world.targets[e] + (isNew ? " new" : "")
                        + (isAsync ? " within " + timeout / 1e6 + " ms" : " at once"),
                () -> {
                    request.future = isAsync ? acquireAsync(e, isNew, timeout) : acquireNow(e, isNew);
                    request.future.whenComplete((lease, failure) -> ended(request, lease, failure));
                    depend(request);
                },
                () -> world.model.acquire(request.waiter));
        if (!request.future.isDone()) {
            open.add(request);
        }
    }

    void acquire(EndpointGroup<Target, Connection> group, Group model, boolean isAsync, long timeout) {
        var request = request(-1, false, isAsync, timeout);
        acquires++;
        world.did(
                () -> "acquire r" + request.waiter.id + " of " + group.name() + " " + group.members()
                        + (isAsync ? " within " + timeout / 1e6 + " ms" : " at once"),
                () -> {
                    request.future = isAsync ? acquireAsync(group, timeout) : acquireNow(group);
                    request.future.whenComplete((lease, failure) -> ended(request, lease, failure));
                    depend(request);
                },
                () -> world.model.acquire(request.waiter, model));
        if (!request.future.isDone()) {
            open.add(request);
        }
    }

    private CompletableFuture<Lease<Target, Connection>> acquireAsync(
            EndpointGroup<Target, Connection> group, long timeout) {
        return timeout == config.acquireTimeout
                ? group.connectionAsync()
                : group.connectionAsync(Duration.ofNanos(timeout));
    }

    private static CompletableFuture<Lease<Target, Connection>> acquireNow(EndpointGroup<Target, Connection> group) {
        try {
            return CompletableFuture.completedFuture(group.connection(Duration.ZERO));
        } catch (PoolException failure) {
            return CompletableFuture.failedFuture(failure);
        }
    }

    private Request request(int e, boolean isNew, boolean isAsync, long timeout) {
        var request = new Request();
        request.waiter.id = ++lastRequest;
        request.waiter.endpoint = e;
        request.waiter.isNew = isNew;
        request.waiter.isAsync = isAsync;
        request.waiter.timeout = timeout;
        return request;
    }

    private CompletableFuture<Lease<Target, Connection>> acquireAsync(int e, boolean isNew, long timeout) {
        if (timeout == config.acquireTimeout) {
            return isNew
                    ? world.pool.newConnectionAsync(world.targets[e])
                    : world.pool.connectionAsync(world.targets[e]);
        }
        var time = Duration.ofNanos(timeout);
        return isNew
                ? world.pool.newConnectionAsync(world.targets[e], time)
                : world.pool.connectionAsync(world.targets[e], time);
    }

    private CompletableFuture<Lease<Target, Connection>> acquireNow(int e, boolean isNew) {
        try {
            return CompletableFuture.completedFuture(
                    isNew
                            ? world.pool.newConnection(world.targets[e], Duration.ZERO)
                            : world.pool.connection(world.targets[e], Duration.ZERO));
        } catch (PoolException failure) {
            return CompletableFuture.failedFuture(failure);
        }
    }

    /** Some futures have a stage behind them that is never over. */
    private static void depend(Request request) {
        if (request.waiter.isAsync && request.waiter.id % 7 == 0) {
            request.dependent = request.future.thenCompose(lease -> new CompletableFuture<>());
        }
    }

    private void ended(Request request, Lease<Target, Connection> lease, Throwable failure) {
        int connection = lease != null
                ? connectionOf(lease).id
                : failure != null && failure.getCause() instanceof TraceServer.HookFailure hook ? hook.connection : 0;
        world.log.add(TraceLog.Kind.OUTCOME, -1, connection, request.waiter.id, true).outcome = outcome(lease, failure);
        if (lease != null) {
            request.lease = lease;
            granted(request);
        }
    }

    /** Most keep their lease for a later step; some callbacks release it at once. */
    private void granted(Request request) {
        if (request.waiter.isAsync && request.waiter.id % 11 == 3) {
            world.log.add(TraceLog.Kind.CALLBACK, -1, 0, 0, true).step = () -> world.model.release(request.waiter);
            request.lease.connection().isLeased &= config.hooks;
            request.lease.release();
        } else {
            held.add(request);
        }
    }

    private Connection connectionOf(Lease<Target, Connection> lease) {
        var connection = lease.connection();
        world.server.note(config.hooks || !connection.isLeased, "a connection is leased twice");
        world.server.note(!connection.isOld, "a connection of an old generation is leased");
        connection.isLeased = true;
        return connection;
    }

    private static Outcome outcome(Lease<?, ?> lease, Throwable failure) {
        if (lease != null) {
            return Outcome.GRANTED;
        }
        if (failure instanceof AcquireTimeoutException) {
            return Outcome.TIMED_OUT;
        }
        if (failure instanceof ConnectionCreateException) {
            return failure.getCause() instanceof TraceServer.HookFailure ? Outcome.HOOK_FAILED : Outcome.CONNECT_FAILED;
        }
        if (failure instanceof PoolExhaustedException) {
            return Outcome.EXHAUSTED;
        }
        if (failure instanceof EndpointUnavailableException) {
            return Outcome.UNAVAILABLE;
        }
        if (failure instanceof PoolClosedException) {
            return Outcome.CLOSED;
        }
        return failure instanceof RejectedExecutionException ? Outcome.UNDELIVERABLE : Outcome.CANCELLED;
    }

    void tryAcquire(int e) {
        var request = request(e, false, false, 0);
        tryAcquire(
                request,
                world.targets[e].toString(),
                () -> world.pool.tryConnection(world.targets[e]),
                () -> world.model.tryAcquire(request.waiter));
    }

    void tryAcquire(EndpointGroup<Target, Connection> group, Group model) {
        var request = request(-1, false, false, 0);
        tryAcquire(
                request,
                "of " + group.name(),
                group::tryConnection,
                () -> world.model.tryAcquire(request.waiter, model));
    }

    private void tryAcquire(
            Request request, String where, Supplier<Optional<Lease<Target, Connection>>> toPool, Runnable toModel) {
        world.did(
                () -> "try r" + request.waiter.id + " " + where,
                () -> {
                    try {
                        toPool.get().ifPresent(found -> {
                            acquires++;
                            ended(request, found, null);
                        });
                    } catch (PoolClosedException closed) {
                        world.server.note(world.model.isClosed, "tryConnection says closed");
                    } catch (PoolException failure) {
                        acquires++;
                        ended(request, null, failure);
                    }
                },
                toModel);
    }

    void release(Step step, boolean isInvalidated) {
        if (held.isEmpty()) {
            return;
        }
        var request = takeOne(held, step.which);
        stale.add(request);
        if (stale.size() > STALE_LEASES) {
            stale.remove();
        }
        giveBack(request, isInvalidated, isInvalidated ? "invalidate" : "release");
    }

    void releaseAgain(Step step) {
        if (!stale.isEmpty()) {
            var request = stale.remove();
            world.server.note(!isUsable(request.lease), "a lease that has ended gives out its connection");
            giveBack(request, step.size % 3 == 0, "again release");
        }
    }

    private static boolean isUsable(Lease<?, ?> lease) {
        try {
            return lease.connection() != null;
        } catch (IllegalStateException ended) {
            return false;
        }
    }

    private void giveBack(Request request, boolean isInvalidated, String how) {
        world.did(
                () -> how + " r" + request.waiter.id + " c" + request.waiter.got.id,
                () -> {
                    if (!config.hooks && world.model.isHeld(request.waiter)) {
                        request.lease.connection().isLeased = false;
                    }
                    if (isInvalidated) {
                        request.lease.invalidate();
                    } else {
                        request.lease.release();
                    }
                },
                () -> {
                    if (isInvalidated) {
                        world.model.invalidate(request.waiter);
                    } else {
                        world.model.release(request.waiter);
                    }
                });
    }

    void cancel(Step step) {
        if (step.size % 5 == 0) {
            cancelDependent(step);
            return;
        }
        open.removeIf(request -> request.future.isDone());
        if (open.isEmpty()) {
            return;
        }
        var request = takeOne(open, step.which);
        world.did(
                () -> "cancel r" + request.waiter.id,
                () -> giveUp(request.future, step.which),
                () -> world.model.run(() -> world.model.leave(request.waiter, Outcome.CANCELLED)));
    }

    /** Withdraws the request; or, when it was granted, ends the lease, since the stage may have seen the connection. */
    private void cancelDependent(Step step) {
        for (List<Request> requests : List.of(open, held)) {
            for (int i = 0; i < requests.size(); i++) {
                var request = requests.get((i + step.which) % requests.size());
                if (request.dependent != null && !request.dependent.isDone()) {
                    cancelDependent(requests, request, step.which);
                    return;
                }
            }
        }
    }

    private static void giveUp(CompletableFuture<?> future, int how) {
        switch (how % 3) {
            case 0 -> future.complete(null);
            case 1 -> future.completeExceptionally(new IllegalStateException("from outside"));
            default -> future.cancel(true);
        }
    }

    private void cancelDependent(List<Request> requests, Request request, int which) {
        boolean isHeld = world.model.isHeld(request.waiter);
        boolean isOpen = request.waiter.outcome == Outcome.WAITING;
        requests.remove(request);
        world.did(() -> "cancel what depends on r" + request.waiter.id, () -> giveUp(request.dependent, which), () -> {
            if (isHeld) {
                world.model.invalidate(request.waiter);
            } else if (isOpen) {
                world.model.run(() -> world.model.leave(request.waiter, Outcome.CANCELLED));
            }
        });
    }

    static <T> T takeOne(List<T> from, int which) {
        int place = which % from.size();
        T taken = from.get(place);
        T last = from.remove(from.size() - 1);
        if (place < from.size()) {
            from.set(place, last);
        }
        return taken;
    }

    /** Gives everything back at the end. */
    void releaseAll() {
        while (!held.isEmpty()) {
            giveBack(takeOne(held, 0), false, "release at the end");
        }
    }
}
