package io.genericpool.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.ConnectionPool;
import io.genericpool.ConnectionStats;
import io.genericpool.DisposeReason;
import io.genericpool.EndpointLimits;
import io.genericpool.Lease;
import io.genericpool.PoolClosedException;
import io.genericpool.PoolExhaustedException;
import io.genericpool.SuspendMode;
import io.genericpool.core.ConnectionPools;
import io.genericpool.event.PoolListener;
import io.genericpool.spi.ConnectGovernor;
import io.genericpool.testkit.FakePoolClock;
import io.genericpool.testkit.ManualExecutor;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Plays one trace on a real pool and on the model, and compares them after every step. */
final class TraceRunner {
    /** Makes the pool under test; another one than the real one shows that the check bites. */
    interface Maker {
        ConnectionPool<String, TraceServer.Connection> make(
                TraceConfig config,
                TraceServer server,
                FakePoolClock clock,
                ManualExecutor connects,
                ManualExecutor completions);
    }

    private static final class Request {
        final int id;
        CompletableFuture<Lease<String, TraceServer.Connection>> future;
        CompletableFuture<?> dependent;
        Lease<String, TraceServer.Connection> lease;
        TraceServer.Connection connection;
        /** The model knows how it ended. */
        boolean told;

        boolean leaseEnded;

        Request(int id) {
            this.id = id;
        }
    }

    private static final class WarmUp {
        final int id;
        final CompletableFuture<Integer> future;

        WarmUp(int id, CompletableFuture<Integer> future) {
            this.id = id;
            this.future = future;
        }
    }

    private final TraceConfig config;
    private final FakePoolClock clock = new FakePoolClock();
    private final ManualExecutor connects = new ManualExecutor();
    private final ManualExecutor completions = new ManualExecutor();
    private final TraceServer server;
    private final ConnectionPool<String, TraceServer.Connection> pool;
    private final Worlds worlds;
    private final List<Request> requests = new ArrayList<>();
    private final List<Request> ended = new ArrayList<>();
    private final List<WarmUp> warmUps = new ArrayList<>();
    private final List<String> events = new ArrayList<>();
    private int lastId;
    private long acquires;
    private long staleReleases;

    TraceRunner(TraceConfig config, Maker maker) {
        this.config = config;
        this.server = new TraceServer(config);
        this.worlds = new Worlds(new PoolModel(config));
        this.pool = maker.make(config, server, clock, connects, completions);
    }

    /** The real pool. */
    static ConnectionPool<String, TraceServer.Connection> engine(
            TraceConfig config,
            TraceServer server,
            FakePoolClock clock,
            ManualExecutor connects,
            ManualExecutor completions) {
        var limits = config.limitsOf(0);
        var builder = ConnectionPools.builder(server.manager())
                .name("model")
                .connectGovernor(ConnectGovernor.unlimited()) // so that failed connects cost no time
                .minIdle(limits.minIdle())
                .maxSize(limits.maxSize())
                .maxWaiters(limits.maxWaiters())
                .maxConnectsPerEndpoint(limits.maxConnects())
                .totalMaxSize(config.total)
                .maxEndpoints(config.maxEndpoints)
                .maxLeases(config.maxLeases)
                .disposeBatchSize(config.batchSize)
                .acquireTimeout(TraceConfig.duration(config.acquireTimeout))
                .connectTimeout(TraceConfig.duration(config.connectTimeout))
                .checkTimeout(TraceConfig.duration(config.checkTimeout))
                .resetTimeout(TraceConfig.duration(config.resetTimeout))
                .disposeTimeout(TraceConfig.duration(config.disposeTimeout))
                .idleTimeout(TraceConfig.duration(config.idleTimeout))
                .maxLifetime(TraceConfig.duration(config.lifetime))
                .maxLifetimeJitter(0)
                .keepaliveInterval(TraceConfig.duration(config.keepalive))
                .alivenessBypass(TraceConfig.duration(config.bypass))
                .endpointRetention(TraceConfig.duration(config.retention))
                .overtakeWindow(TraceConfig.duration(config.overtakeWindow))
                .idleOrder(config.fifo ? io.genericpool.IdleOrder.FIFO : io.genericpool.IdleOrder.LIFO)
                .backgroundCollector(config.collector)
                .endpointLimits(endpoint -> config.limitsOf(TraceServer.index(endpoint)))
                .clock(clock)
                .connectExecutor(connects)
                .completionExecutor(completions);
        return (config.listener ? builder.listener(listener(server)) : builder).build();
    }

    @SuppressWarnings("unchecked")
    private static PoolListener<String> listener(TraceServer server) {
        return (PoolListener<String>) Proxy.newProxyInstance(
                TraceRunner.class.getClassLoader(), new Class<?>[] {PoolListener.class}, (proxy, method, arguments) -> {
                    if (method.getDeclaringClass() == Object.class) {
                        return method.getName().equals("equals")
                                ? proxy == arguments[0]
                                : method.getName().equals("hashCode") ? 1 : "listener";
                    }
                    if (server.fault == Fault.LISTENER_THROWS) {
                        throw new IllegalStateException("a listener throws, by trace");
                    }
                    return null;
                });
    }

    long acquires() {
        return acquires;
    }

    /** What happened, step by step, as the model was told it. */
    List<String> events() {
        return events;
    }

    int mostWorlds() {
        return worlds.most();
    }

    /** Plays a step and compares. */
    void play(Step step) {
        server.checkedAtOnce.clear();
        server.abandoned = worlds.any().lost.size() + worlds.any().strays.size();
        server.fault = step.fault;
        server.instant = step.which % 5 < 2;
        connects.rejectAll(step.fault == Fault.CONNECT_EXECUTOR_REJECTS);
        completions.rejectAll(step.fault == Fault.COMPLETION_EXECUTOR_REJECTS);
        tell("(fault " + step.fault + ")", model -> {
            model.fault = step.fault;
            model.checkedAtOnce.clear();
        });
        long until = clock.nanoTime() + step.nanos;
        // From timer to timer, so that what each one did is seen before the next.
        for (long now = clock.nanoTime(); now < until; now = clock.nanoTime()) {
            long next = clock.nanosToNextEvent().orElse(Long.MAX_VALUE);
            clock.advance(Duration.ofNanos(Math.min(next, until - now)));
            worlds.advance(clock.nanoTime());
            tellLog();
            if (worlds.size() > 1) {
                compare();
            }
        }
        act(step);
        connects.rejectAll(false);
        completions.rejectAll(false);
        compare();
    }

    private void compare() {
        List.copyOf(requests).forEach(this::tellEnd);
        tellLog();
        worlds.observe(this::differences);
    }

    private void act(Step step) {
        int e = step.endpoint;
        String endpoint = "e" + e;
        switch (step.kind) {
            case ACQUIRE:
            case ACQUIRE_NEW:
                acquireAsync(step, step.kind == Step.Kind.ACQUIRE_NEW);
                break;
            case ACQUIRE_NOW:
                acquireNow(e, false, () -> Optional.of(pool.connection(endpoint, Duration.ZERO)), false);
                break;
            case ACQUIRE_NEW_NOW:
                acquireNow(e, true, () -> Optional.of(pool.newConnection(endpoint, Duration.ZERO)), false);
                break;
            case TRY:
                acquireNow(e, false, () -> pool.tryConnection(endpoint), true);
                break;
            case RELEASE:
            case INVALIDATE:
                with(
                        step,
                        requests,
                        request -> request.lease != null,
                        request -> release(request, step.kind == Step.Kind.INVALIDATE));
                break;
            case RELEASE_AGAIN:
                with(step, ended, request -> true, request -> {
                    staleReleases++;
                    if (step.size % 2 == 0) {
                        request.lease.release();
                    } else {
                        request.lease.invalidate(new IllegalStateException("late"));
                    }
                });
                break;
            case CANCEL:
                with(step, requests, this::isOpen, request -> cancel(request, () -> request.future.cancel(true)));
                break;
            case COMPLETE_FROM_OUTSIDE:
                with(
                        step,
                        requests,
                        this::isOpen,
                        request -> cancel(request, () -> {
                            if (step.size % 2 == 0) {
                                request.future.complete(null);
                            } else {
                                request.future.completeExceptionally(new IllegalStateException("outside"));
                            }
                        }));
                break;
            case CANCEL_DEPENDENT:
                with(
                        step,
                        requests,
                        request -> request.dependent != null && !request.dependent.isDone(),
                        this::cancelDependent);
                break;
            case RUN_CONNECT:
                runConnect(step.size % 2 == 0 ? 0 : step.which % Math.max(1, connects.pending()));
                break;
            case RUN_ALL_CONNECTS:
                for (int left = connects.pending() + 8; left > 0 && connects.pending() > 0; left--) {
                    runConnect(0);
                }
                break;
            case RUN_COMPLETION:
                runCompletion(step.which % Math.max(1, completions.pending()));
                break;
            case RUN_ALL_COMPLETIONS:
                for (int left = completions.pending() + 8; left > 0 && completions.pending() > 0; left--) {
                    runCompletion(0);
                }
                break;
            case END_CALL:
                with(step, List.copyOf(server.calls.values()), call -> true, server::end);
                break;
            case SIGNAL_DEAD:
            case SIGNAL_RETIRE:
                boolean dead = step.kind == Step.Kind.SIGNAL_DEAD;
                with(
                        step,
                        List.copyOf(server.connections.values()),
                        c -> c.open && c.signals != null,
                        c -> did(
                                (dead ? "dead " : "retire ") + c,
                                () -> signal(c, dead),
                                model -> model.signal(c.id, dead)));
                break;
            case ADVANCE:
                break;
            case EVICT:
                did("evict " + endpoint, () -> pool.evict(endpoint), model -> model.evict(e));
                break;
            case EVICT_ALL:
                did("evict all", pool::evictAll, model -> IntStream.range(0, config.endpoints)
                        .forEach(model::evict));
                break;
            case SUSPEND:
                var mode = step.size % 2 == 0 ? SuspendMode.WAIT : SuspendMode.FAIL;
                hold(
                        "suspend " + endpoint + " " + mode,
                        e,
                        () -> pool.suspend(endpoint, mode),
                        m -> m.suspend(e, mode));
                break;
            case RESUME:
                did("resume " + endpoint, () -> pool.resume(endpoint), model -> model.suspend(e, null));
                break;
            case RESIZE:
                resize(e, step);
                break;
            case RESIZE_TOTAL:
                int least = config.maxSize();
                int total = least + step.which % (config.total + 3 - least);
                server.limit = Math.max(server.limit, total);
                did("resize total " + total, () -> pool.resizeTotal(total), model -> model.resizeTotal(total));
                break;
            case WARM_UP:
                warmUp(e, step.which % 5);
                break;
            case CANCEL_WARM_UP:
                with(step, warmUps, warmUp -> !warmUp.future.isDone(), warmUp -> {
                    did(
                            "cancel warm-up w" + warmUp.id,
                            () -> warmUp.future.cancel(true),
                            m -> m.cancelWarmUp(warmUp.id));
                    warmUps.remove(warmUp);
                });
                break;
            default:
                throw new AssertionError(step);
        }
    }

    // ---- Steps ----

    private void acquireAsync(Step step, boolean isNew) {
        int e = step.endpoint;
        long timeout = step.timeout(config.acquireTimeout);
        var request = new Request(++lastId);
        did(
                "acquire r" + request.id + " e" + e + (isNew ? " new" : "") + " within " + timeout / 1e6 + " ms",
                () -> {
                    var time = Duration.ofNanos(timeout);
                    if (timeout == config.acquireTimeout) {
                        request.future = isNew ? pool.newConnectionAsync("e" + e) : pool.connectionAsync("e" + e);
                    } else {
                        request.future =
                                isNew ? pool.newConnectionAsync("e" + e, time) : pool.connectionAsync("e" + e, time);
                    }
                },
                model -> model.acquire(request.id, e, timeout, isNew, false));
        acquires++;
        requests.add(request);
        tellEnd(request);
        depend(request, step.which % 10);
    }

    private void depend(Request request, int kind) {
        switch (kind) {
            case 0:
                request.dependent = request.future.thenApply(lease -> lease);
                break;
            case 1:
                request.dependent = request.future.thenCompose(lease -> new CompletableFuture<>());
                break;
            case 2:
                request.dependent = request.future.thenAccept(lease -> {
                    throw new IllegalStateException("a dependent throws, by trace");
                });
                break;
            case 3:
                request.dependent = request.future.whenComplete((lease, failure) -> {
                    if (lease != null && !request.leaseEnded) {
                        tellEnd(request);
                        release(request, false);
                    }
                });
                break;
            default:
        }
    }

    private void acquireNow(
            int e,
            boolean isNew,
            java.util.function.Supplier<Optional<Lease<String, TraceServer.Connection>>> call,
            boolean tryOnly) {
        var request = new Request(++lastId);
        boolean[] miss = {false};
        did(
                (tryOnly ? "try r" : "acquire now r") + request.id + " e" + e + (isNew ? " new" : ""),
                () -> {
                    try {
                        var lease = call.get();
                        miss[0] = lease.isEmpty();
                        request.future = CompletableFuture.completedFuture(lease.orElse(null));
                    } catch (RuntimeException | Error failure) {
                        request.future = CompletableFuture.failedFuture(failure);
                    }
                },
                model -> {
                    model.acquire(request.id, e, 0, isNew, tryOnly);
                    ModelState.require(
                            model.requests.containsKey(request.id) != miss[0],
                            "r" + request.id + " finds a connection: " + miss[0]);
                });
        if (!miss[0]) {
            acquires++;
            requests.add(request);
            tellEnd(request);
        }
    }

    private void release(Request request, boolean invalidate) {
        server.released = false;
        server.releaseThrew = false;
        server.reset = null;
        request.connection.leased = request.connection.leased && !invalidate;
        int at = server.log.size();
        if (invalidate) {
            request.lease.invalidate(new IllegalStateException("broken, by trace"));
        } else {
            request.lease.release();
        }
        server.note(
                server.released != invalidate,
                "onRelease is called at a release, and only then: " + request.connection);
        boolean threw = server.releaseThrew;
        int reset = server.reset == null ? 0 : server.reset.id;
        boolean skipped = config.resets && !invalidate && !threw && reset == 0;
        server.log.add(
                at,
                new TraceServer.Event(
                        (invalidate ? "invalidate r" : "release r") + request.id,
                        model -> model.release(request.id, invalidate, threw, skipped, reset)));
        endLease(request);
    }

    private void endLease(Request request) {
        request.connection.leased = false;
        request.leaseEnded = true;
        requests.remove(request);
        ended.add(request);
        try {
            request.lease.connection();
            server.note(false, "r" + request.id + " still gives its connection after its end");
        } catch (IllegalStateException expected) {
            // As it must be.
        }
    }

    private boolean isOpen(Request request) {
        return request.future != null && !request.future.isDone();
    }

    private void cancel(Request request, Runnable how) {
        request.told = true;
        requests.remove(request);
        did("cancel r" + request.id, how, model -> model.cancel(request.id));
        server.note(request.future.isDone(), "r" + request.id + " is done when it was cancelled");
    }

    private void cancelDependent(Request request) {
        if (isOpen(request)) {
            request.told = true;
            requests.remove(request);
            did(
                    "cancel dependent of r" + request.id,
                    () -> request.dependent.cancel(true),
                    model -> model.cancel(request.id));
        } else if (request.lease != null) {
            request.connection.leased = false;
            did(
                    "cancel dependent of granted r" + request.id,
                    () -> request.dependent.cancel(true),
                    model -> model.release(request.id, true, false, false, 0));
            endLease(request);
        }
    }

    private void runConnect(int index) {
        int at = server.log.size();
        if (connects.runNext(index)) {
            server.log.add(at, new TraceServer.Event("connect task", model -> {}));
            server.log.add(new TraceServer.Event("connect task ends", model -> model.taskRan(true)));
            compare();
        }
    }

    private void runCompletion(int index) {
        if (completions.runNext(index)) {
            List.copyOf(requests).forEach(this::tellEnd);
            server.log.add(new TraceServer.Event("completion task ends", model -> model.taskRan(false)));
            compare();
        }
    }

    private static void signal(TraceServer.Connection connection, boolean dead) {
        if (dead) {
            connection.signals.dead(connection.id % 2 == 0 ? null : new IllegalStateException("died, by trace"));
        } else {
            connection.signals.retire();
        }
    }

    /** Calls that make the pool hold an endpoint; it may refuse at maxEndpoints. */
    private void hold(String text, int e, Runnable call, Consumer<PoolModel> change) {
        boolean[] refused = {false};
        did(
                text,
                () -> {
                    try {
                        call.run();
                    } catch (PoolExhaustedException failure) {
                        refused[0] = true;
                    }
                },
                model -> {
                    if (model.hold(e, refused[0])) {
                        change.accept(model);
                    }
                });
    }

    private void resize(int e, Step step) {
        int maxSize = 1 + step.which % Math.min(6, pool.stats().totalMaxSize());
        var limits = EndpointLimits.of((int) step.size % (maxSize + 1) / 2, maxSize)
                .withMaxWaiters(step.size % 3 == 0 ? (int) step.size % 5 : Integer.MAX_VALUE)
                .withMaxConnects(1 + step.which % 3);
        server.limits[e] = Math.max(server.limits[e], maxSize);
        hold(
                "resize e" + e + " " + limits,
                e,
                () -> pool.resize("e" + e, limits),
                model ->
                        model.resize(e, limits.minIdle(), limits.maxSize(), limits.maxWaiters(), limits.maxConnects()));
    }

    private void warmUp(int e, int connections) {
        int id = ++lastId;
        hold(
                "warm up w" + id + " e" + e + " to " + connections,
                e,
                () -> {
                    var future = pool.warmUp("e" + e, connections);
                    if (future.isCompletedExceptionally()) {
                        throw (RuntimeException) failure(future);
                    }
                    warmUps.add(new WarmUp(id, future));
                },
                model -> model.warmUp(id, e, connections));
    }

    private <T> void with(Step step, List<T> all, java.util.function.Predicate<T> filter, Consumer<T> action) {
        var fit = all.stream().filter(filter).collect(Collectors.toList());
        if (!fit.isEmpty()) {
            action.accept(fit.get(step.which % fit.size()));
        }
    }

    // ---- What the model is told ----

    private void did(String text, Runnable call, Consumer<PoolModel> change) {
        int at = server.log.size();
        call.run();
        server.log.add(at, new TraceServer.Event(text, change));
        tellLog();
    }

    private void tellLog() {
        server.log.forEach(event -> tell(event.text(), event.change()));
        server.log.clear();
    }

    private void tell(String text, Consumer<PoolModel> change) {
        events.add(text);
        worlds.apply(text, change);
    }

    /** If its future is done and the model does not know yet: puts that into the log. */
    private void tellEnd(Request request) {
        if (request.told || !request.future.isDone()) {
            return;
        }
        request.told = true;
        var failure = failure(request.future);
        if (failure == null) {
            request.lease = request.future.join();
            request.connection = request.lease.connection();
            server.note(
                    request.lease.endpoint().equals("e" + request.connection.endpoint),
                    "r" + request.id + " leads elsewhere");
            server.note(request.connection.open, "r" + request.id + " gets a closed connection");
        } else {
            requests.remove(request);
        }
        int connection = request.connection == null ? 0 : request.connection.id;
        String error = failure == null ? "" : name(failure);
        server.log.add(new TraceServer.Event(
                "r" + request.id + " ends: "
                        + (failure == null ? request.connection : error + " " + failure.getMessage()),
                model -> model.completed(request.id, connection, error)));
    }

    private static Throwable failure(CompletableFuture<?> future) {
        try {
            future.join();
            return null;
        } catch (CompletionException e) {
            return e.getCause();
        } catch (CancellationException e) {
            return e;
        }
    }

    private static String name(Throwable failure) {
        return failure instanceof TraceServer.HookFailure || failure.getCause() instanceof TraceServer.HookFailure
                ? "HOOK"
                : failure.getClass().getSimpleName();
    }

    // ---- Comparison ----

    private List<String> differences(PoolModel model) {
        var differences = new ArrayList<String>(server.violations);
        for (int e = 0; e < config.endpoints; e++) {
            var ep = model.endpoints[e];
            var stats = pool.stats("e" + e);
            if (ep == null || stats.isEmpty()) {
                differ(differences, "e" + e + " held", stats.isPresent(), ep != null);
                continue;
            }
            compare(differences, "e" + e, stats.get(), model, e, List.of(ep));
            differ(differences, "e" + e + " suspended", stats.get().isSuspended(), ep.suspended != null);
            differ(differences, "e" + e + " maxSize", stats.get().limits().maxSize(), ep.maxSize);
        }
        var all = new ArrayList<ModelState.Endpoint>(List.of(model.gone));
        for (var ep : model.endpoints) {
            if (ep != null) {
                all.add(ep);
            }
        }
        var stats = pool.stats();
        compare(differences, "pool", stats, model, -1, all);
        differ(differences, "endpoints", pool.endpoints().size(), model.endpointCount());
        differ(differences, "endpoint count", stats.endpoints(), model.endpointCount());
        differ(differences, "starving", stats.starving(), model.starving.size());
        differ(differences, "total limit", stats.totalMaxSize(), model.total);
        differ(differences, "abandoned", stats.abandoned(), model.lost.size());
        differ(differences, "stale releases", stats.staleReleases(), staleReleases);
        differ(differences, "checked at once", server.checkedAtOnce, model.checkedAtOnce);
        boolean drained = completions.pending() == 0;
        for (var request : model.requests.values()) {
            boolean ended = request.outcome != null && !request.done;
            boolean rejected = request.error.equals("*") && (connects.pending() > 0 || request.endedAt == model.now);
            if (ended && !request.withdrawn && !rejected && (request.immediate || drained)) {
                differences.add(
                        "r" + request.id + " should be completed by now: " + request.outcome + " " + request.error);
            }
        }
        for (var warmUp : warmUps) {
            var ended = model.warmedUp.get(warmUp.id);
            boolean done = warmUp.future.isDone();
            boolean connecting = !model.find(slot -> slot.state == ModelState.State.CONNECTING)
                    .isEmpty();
            if (done ? ended == null : ended != null && drained && !connecting) {
                differences.add("warm-up w" + warmUp.id + " is " + (done ? "" : "not ") + "done");
            } else if (done
                    && (warmUp.future.join() > ended.opened || warmUp.future.join() < ended.opened - ended.wasted)) {
                differences.add("warm-up w" + warmUp.id + " opened " + warmUp.future.join() + ", model: " + ended);
            }
        }
        for (var slot : model.find(each -> each.since < model.now)) {
            if (connects.pending() == 0 && slot.result != null && !slot.rejected || drained && slot.returning) {
                differences.add("nothing is queued that could take in: " + slot);
            }
            if (connects.pending() == 0
                    && slot.op == 0
                    && model.config.timeout(slot.state) != ModelState.NEVER
                    && !slot.late
                    && !slot.rejected) {
                differences.add("nothing is queued that could begin: " + slot);
            }
        }
        return differences;
    }

    private void compare(
            List<String> differences,
            String name,
            ConnectionStats stats,
            PoolModel model,
            int e,
            List<ModelState.Endpoint> eps) {
        var slots = model.find(slot -> e < 0 || slot.endpoint == e);
        int[] gauges = {
            stats.connecting(), stats.idle(), stats.leased(), stats.pending(), stats.checking(), stats.disposing()
        };
        for (var state : ModelState.State.values()) {
            long expected = slots.stream().filter(slot -> slot.state == state).count();
            differ(differences, name + " " + state, (long) gauges[state.ordinal()], expected);
        }
        differ(differences, name + " total", stats.total(), slots.size());
        // What is decided but not completed yet may be counted already or not.
        int serial = e < 0 ? -1 : eps.get(0).serial;
        long waiting = model.requests.values().stream()
                .filter(r -> r.outcome == null && (e < 0 || r.endpoint == e))
                .count();
        long undone = undone(model, serial, null);
        between(differences, name + " waiters", stats.waiters(), waiting, waiting + undone);
        long[] counts = {
            stats.acquires(),
            stats.granted(),
            stats.timedOut(),
            stats.cancelled(),
            stats.failed(),
            stats.rejected(),
            stats.created(),
            stats.connectFailures()
        };
        for (var count : ModelState.Count.values()) {
            long expected =
                    eps.stream().mapToLong(ep -> ep.counts[count.ordinal()]).sum();
            long more = count == ModelState.Count.CANCELLED
                    ? model.requests.values().stream()
                            .filter(r -> r.withdrawn && (serial < 0 || r.serial == serial))
                            .count()
                    : 0;
            between(
                    differences,
                    name + " " + count,
                    counts[count.ordinal()],
                    expected - undone(model, serial, count),
                    expected + more);
        }
        for (var reason : DisposeReason.values()) {
            long expected =
                    eps.stream().mapToLong(ep -> ep.disposed[reason.ordinal()]).sum();
            long underWay = slots.stream()
                    .filter(slot -> slot.state == ModelState.State.DISPOSING && slot.reason == reason)
                    .count();
            between(differences, name + " disposed " + reason, stats.disposed(reason), expected, expected + underWay);
        }
    }

    private static long undone(PoolModel model, int serial, ModelState.Count outcome) {
        return model.requests.values().stream()
                .filter(r -> r.outcome != null && !r.done && (serial < 0 || r.serial == serial))
                .filter(r -> outcome == null || r.outcome == outcome)
                .count();
    }

    private static void differ(List<String> differences, String what, Object seen, Object expected) {
        if (!seen.equals(expected)) {
            differences.add(what + " is " + seen + ", model: " + expected);
        }
    }

    private static void between(List<String> differences, String what, long seen, long low, long high) {
        if (seen < low || seen > high) {
            differences.add(what + " is " + seen + ", model: " + (low == high ? low : low + " to " + high));
        }
    }

    // ---- The end ----

    /** Closes the pool and checks that nothing is left. */
    void close(int variant) {
        events.add("close");
        server.log.clear();
        server.fault = Fault.NONE;
        server.instant = variant % 2 == 0;
        server.abandoned = Integer.MAX_VALUE / 2;
        for (var request : variant % 3 == 0 ? List.<Request>of() : List.copyOf(requests)) {
            if (request.lease != null) {
                release(request, false);
            }
        }
        tellLog();
        int leases =
                (int) requests.stream().filter(request -> request.lease != null).count();
        int delivered = pool.stats().leased() - leases;
        int waiters = pool.stats().waiters();
        clock.autoAdvance(this::work);
        var report = pool.close(Duration.ofMillis(variant % 5 == 0 ? 0 : 2_000));
        clock.manualAdvance();
        for (int idle = 0; idle < 20; idle = work() > 0 ? 0 : idle + 1) {
            clock.advance(Duration.ofSeconds(20));
        }
        assertThat(pool.isClosed()).as("isClosed").isTrue();
        assertThat(report.failedWaiters()).as("waiters failed by close").isLessThanOrEqualTo(waiters);
        assertThat(report.returned() + report.revoked())
                .as("leases at close")
                .isBetween(leases, leases + Math.max(0, delivered));
        for (var request : List.copyOf(requests)) {
            assertThat(request.future).as("future of r" + request.id).isDone();
            if (request.lease == null && failure(request.future) == null) {
                request.future.join().release();
            } else if (request.lease != null) {
                request.lease.release();
            }
        }
        for (int idle = 0; idle < 3; idle = work() > 0 ? 0 : idle + 1) {
            clock.advance(Duration.ofSeconds(20));
        }
        var late = pool.connectionAsync("e0");
        completions.runAll();
        assertThat(failure(late)).as("an acquire after close").isInstanceOf(PoolClosedException.class);
        var stats = pool.stats();
        assertThat(stats.total()).as("connections left: " + stats).isZero();
        assertThat(stats.waiters()).as("waiters left").isZero();
        assertThat(stats.abandoned()).as("calls abandoned for good").isZero();
        assertThat(stats.acquires())
                .as("acquires by outcome")
                .isEqualTo(stats.granted() + stats.timedOut() + stats.cancelled() + stats.failed() + stats.rejected());
        assertThat(server.connections.values()).as("connections never disposed").noneMatch(c -> c.open);
        assertThat(warmUps).as("warm-ups").allMatch(warmUp -> warmUp.future.isDone());
        assertThat(clock.pendingTimers()).as("timers left").isZero();
        assertThat(server.violations).as("violations").isEmpty();
    }

    /** All that can be done without time passing. */
    private int work() {
        int done = connects.runAll() + completions.runAll();
        for (var call : List.copyOf(server.calls.values())) {
            server.end(call);
            done++;
        }
        server.log.clear();
        return done;
    }
}
