package io.genericpool.core.model;

import io.genericpool.DisposeReason;
import io.genericpool.SuspendMode;
import java.util.List;

/**
 * What a pool must do: a sequential specification of design.md section 4, an acceptor. It is told each step of a trace
 * and each call the pool made to its manager, and works out what follows. Where the specification leaves it open what
 * follows, it asks {@link #choose}: {@link Worlds} tries all ways and drops those that the pool then rules out.
 */
final class PoolModel extends EventRules {
    PoolModel(TraceConfig config) {
        super(config);
    }

    PoolModel copy(List<int[]> choices) {
        var copy = new PoolModel(config);
        copyTo(copy, choices);
        return copy;
    }

    // ---- Calls of users ----

    void acquire(int id, int index, long timeout, boolean isNew, boolean tryOnly) {
        lastRequest = id;
        var ep = endpoints[index];
        if (ep == null && (tryOnly || endpointCount() >= config.maxEndpoints)) {
            if (!tryOnly) {
                var turnedAway = new Request(id, -1, 0, isNew, NEVER);
                count(turnedAway, Count.ACQUIRES, 1);
                requests.put(id, turnedAway);
                end(turnedAway, Count.REJECTED, "PoolExhaustedException");
            }
            return;
        }
        ep = ep == null ? open(index) : ep;
        entering = index;
        boolean open = ep.suspended == null && waiters(ep).isEmpty() && !isNew;
        var slot = open ? pick(ep, false, false) : null;
        slot = slot == null && open && timeout == 0 ? pick(ep, false, true) : slot;
        if (!tryOnly || slot != null) {
            touch(ep, slot != null);
            var request = new Request(id, index, ep.serial, isNew, sum(now, timeout));
            int ahead = waiters(ep).size();
            requests.put(id, request);
            count(request, Count.ACQUIRES, 1);
            if (ep.suspended == SuspendMode.FAIL) {
                end(request, Count.REJECTED, "EndpointUnavailableException");
            } else if (slot != null) {
                request.immediate = true;
                lease(request, slot);
            } else if (timeout == 0) {
                end(request, Count.TIMED_OUT, "AcquireTimeoutException");
            } else if (ahead >= ep.maxWaiters) {
                end(request, Count.REJECTED, "PoolExhaustedException");
            }
        }
        entering = -1;
        boolean miss = slot == null && tryOnly;
        if (miss ? choose(2) == 1 : slot == null || mayConnectUnasked(ep) && held(ep) < minIdle(ep) && choose(2) == 1) {
            serve(ep, id);
        }
        if (slot == null) {
            expireSome(true);
        }
        settle();
    }

    /** The future of a request was completed: by the lease of a connection, or (connection 0) by an error. */
    void completed(int id, int connection, String error) {
        var request = requests.get(id);
        require(request != null && request.outcome != null, "r" + id + " waits");
        var slot = held(request);
        boolean hookThrew = connection == 0 && slot != null && fault.isAcquireHook();
        String expected = hookThrew ? "HOOK" : request.error;
        require(connection == (slot == null || hookThrew ? 0 : slot.connection), "r" + id + " gets " + slot + expected);
        require(
                connection != 0 || expected.equals("*") || expected.equals(error),
                "r" + id + " fails with " + expected);
        request.done = connection != 0;
        if (connection == 0) {
            requests.remove(id);
        }
        if (hookThrew) {
            count(request, Count.GRANTED, -1);
            count(request, Count.FAILED, 1);
            discard(slot, DisposeReason.HOOK_FAILED);
        }
    }

    /** A future was cancelled, or completed from outside, before the pool completed it. */
    void cancel(int id) {
        var request = requests.get(id);
        var slot = held(request);
        if (slot != null) {
            request.withdrawn = true;
            slot.returning = true;
            if (choose(2) == 0) {
                comeBack(slot);
            }
        } else {
            requests.remove(id);
        }
        if (request.outcome == null) {
            count(request, Count.CANCELLED, 1);
            uncover(request);
            serve(endpoints[request.endpoint], 0);
        }
        settle();
    }

    /** A lease ended; reset is the call begun to clean its connection. */
    void release(int id, boolean invalidated, boolean hookThrew, boolean resetSkipped, int reset) {
        var slot = held(requests.remove(id));
        var ep = endpoints[slot.endpoint];
        if (ep.minIdle > 0
                && (!ep.retained || now - ep.touched > config.retention / 4)
                && reading(Reading.RELEASE_TOUCHES)) {
            touch(ep, false);
        }
        require(!resetSkipped || doom(slot) != null, "c" + slot.connection + " is reset at its release");
        if (invalidated || hookThrew) {
            discard(slot, invalidated ? DisposeReason.INVALIDATED : DisposeReason.HOOK_FAILED);
        } else if (reset != 0) {
            slot.become(State.PENDING, reset, now);
        } else {
            offer(slot, false);
        }
        expireSome(reset != 0);
        settle();
    }

    void evict(int index) {
        var ep = endpoints[index];
        if (ep != null) {
            ep.generation++;
            var connecting = find(s -> s.endpoint == index && s.covers != 0 && s.state == State.CONNECTING);
            if (!connecting.isEmpty() && reading(Reading.EVICT_UNCOVERS_AT_ONCE)) {
                connecting.forEach(s -> s.covers = 0);
            }
            ep.warmUps.forEach(warmUp -> warmUp.left = 0);
            for (var slot : find(s -> s.endpoint == index && s.state != State.CONNECTING)) {
                slot.evicted = true;
                if (slot.state == State.IDLE) {
                    dispose(slot, DisposeReason.EVICTED);
                }
            }
            serve(ep, 0);
            settle();
        }
    }

    /** An endpoint gets a setting or a warm-up, and is held for it; refused when the pool would not hold it. */
    boolean hold(int index, boolean refused) {
        require(
                !refused || endpoints[index] == null && endpointCount() >= config.maxEndpoints,
                "e" + index + " is held");
        if (endpoints[index] == null && !refused) {
            open(index);
        }
        return !refused;
    }

    void suspend(int index, SuspendMode mode) {
        var ep = endpoints[index];
        if (ep == null || mode == null && ep.suspended == null && !reading(Reading.RESUME_ALWAYS_SERVES)) {
            return;
        }
        ep.suspended = mode;
        if (mode != null) {
            ep.warmUps.forEach(warmUp -> warmUp.left = 0);
        }
        for (var waiter : mode == SuspendMode.FAIL ? waiters(ep) : List.<Request>of()) {
            end(waiter, Count.REJECTED, "EndpointUnavailableException");
        }
        serve(ep, 0);
        settle();
    }

    void resize(int index, int minIdle, int maxSize, int maxWaiters, int maxConnects) {
        var ep = endpoints[index];
        ep.limit(minIdle, maxSize, maxWaiters, maxConnects);
        ep.resized = true;
        some(idle(ep), held(ep) - maxSize).forEach(slot -> dispose(slot, DisposeReason.RESIZED));
        serve(ep, 0);
        settle();
    }

    void resizeTotal(int size) {
        total = size;
        idleLongest(idle(null), slots.size() - disposing() - total)
                .forEach(slot -> dispose(slot, DisposeReason.RESIZED));
        settle();
    }

    void warmUp(int id, int index, int connections) {
        var ep = endpoints[index];
        touch(ep, false);
        int target = Math.min(connections, ep.maxSize);
        ep.warmUps.add(new WarmUp(id, target, ep.suspended == null ? Math.max(0, target - held(ep)) : 0));
        serve(ep, 0);
        settle();
    }

    void cancelWarmUp(int id) {
        for (var ep : endpoints.clone()) {
            if (ep != null && ep.warmUps.removeIf(warmUp -> warmUp.id == id)) {
                serve(ep, 0);
            }
        }
        settle();
    }

    void signal(int connection, boolean dead) {
        for (var slot : find(s -> s.connection == connection && s.state != State.DISPOSING)) {
            slot.dead |= dead;
            slot.retired |= !dead;
            if (slot.state == State.IDLE && (dead || reading(Reading.RETIRE_DISPOSES_IDLE))) {
                discard(slot, dead ? DisposeReason.DEAD : DisposeReason.MAX_LEASES);
            }
        }
    }

    // ---- Calls of the pool to its manager, and their ends ----

    void begun(int op, State during, int index, int connection, DisposeReason reason, boolean stubborn) {
        if (during == State.DISPOSING && strays.remove(connection)) {
            return;
        }
        for (var late : lost) {
            if (during == State.DISPOSING
                    && late.result != null
                    && (late.op == connection || late.connection == connection)) {
                late.become(State.DISPOSING, op, now);
                return;
            }
        }
        var begun = find(s -> s.state == during && s.op == 0 && s.endpoint == index && s.connection == connection);
        lost.stream()
                .filter(s -> s.op == 0 && s.connection == connection && s.state == during)
                .forEach(begun::add);
        require(!begun.isEmpty(), "e" + index + " c" + connection + " is not " + during);
        var kinds = begun.stream().map(Slot::toString).distinct().toList();
        var kind = kinds.get(choose(kinds.size()));
        var slot = begun.stream()
                .filter(s -> s.toString().equals(kind))
                .findFirst()
                .orElseThrow();
        require(slot.reason == reason, "c" + connection + " is disposed for " + slot.reason);
        slot.op = op;
        slot.stubborn = stubborn;
        if (during == State.DISPOSING && slot.late && !stubborn && reading(Reading.LATE_DISPOSAL_IS_CANCELLED)) {
            ended(op, true);
        }
    }

    void ended(int op, boolean success) {
        for (var slot :
                lost.stream().filter(s -> s.op == op && s.result == null).toList()) {
            slot.result = success;
            if (choose(2) == 0) {
                cameBack(slot);
            }
        }
        for (var slot : find(s -> s.op == op)) {
            slot.result = success;
            slot.rejected = fault == Fault.CONNECT_EXECUTOR_REJECTS;
            if (choose(2) == 0) {
                takeIn(slot);
            }
        }
    }

    /** A call that was abandoned; what it was about is disposed outside of the counts. */
    private void cameBack(Slot slot) {
        lost.remove(slot);
        if (slot.state == State.CHECKING || slot.state == State.CONNECTING && slot.result) {
            strays.add(slot.state == State.CONNECTING ? slot.op : slot.connection);
            strayCount++;
        }
        if (endpoints[slot.endpoint] != null) {
            serve(endpoints[slot.endpoint], 0);
        }
    }

    /** A task ran, of the connect executor or else of the completion executor: it may have done what was put off. */
    void taskRan(boolean connect) {
        var putOff = find(s -> connect ? s.result != null : s.returning);
        lost.stream().filter(s -> connect && s.result != null).forEach(putOff::add);
        int chosen = choose(putOff.size() + 1);
        if (chosen < putOff.size()) {
            var slot = putOff.get(chosen);
            if (lost.contains(slot)) {
                cameBack(slot);
            } else if (connect) {
                takeIn(slot);
            } else {
                comeBack(slot);
            }
        }
        settle();
    }
}
