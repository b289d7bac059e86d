package io.genericpool.core.internal.sweep;

import io.genericpool.DisposeReason;
import io.genericpool.core.internal.endpoint.EndpointPool;
import io.genericpool.core.internal.endpoint.ServeStep;
import io.genericpool.core.internal.endpoint.Step;
import io.genericpool.core.internal.queue.Actions;
import io.genericpool.core.internal.slot.Slot;
import java.util.ArrayList;
import java.util.List;

/**
 * One sweep's work on one endpoint, in slices (I35). Each hold of the endpoint's lock visits at most {@value #SLICE} slots; the
 * next one comes behind all threads that wait for the lock, and goes on where the last one ended. What is sorted is sorted
 * between two holds, unless it is small. Each slot that was there from the start to the end is visited once by each stage.
 */
final class SweepPass<E, C> {
    static final int SLICE = 256;

    private enum Stage {
        /** Expired connections go, leases held for too long are noted, and those idle for too long are collected. */
        LOOK,
        /** Those idle for too long go, the longest first, down to what is held for {@code minIdle}. */
        RETIRE_IDLE,
        /** What may be probed is collected. */
        LOOK_FOR_PROBES,
        PROBE,
        /** What is missing is refilled. */
        SERVE,
        ENDED
    }

    private final SweepStep<E, C> rules;
    private final ServeStep<E, C> serve;
    private final EndpointPool<E, C> pool;
    private final long tick;
    private final List<Dated<E, C>> idle = new ArrayList<>(0);
    private final Keepalive<E, C>.Round probes;

    private Stage stage = Stage.LOOK;
    /** The next place, or the next one of a list. */
    private int next;
    /** How many slots this hold may still visit. */
    private int budget;
    /** To be done without the lock, before the stage begins. */
    private boolean sortPending;

    private long lastUse;

    SweepPass(
            SweepStep<E, C> rules,
            Keepalive<E, C> keepalive,
            ServeStep<E, C> serve,
            EndpointPool<E, C> pool,
            long tick) {
        this.serve = serve;
        this.rules = rules;
        this.pool = pool;
        this.tick = tick;
        this.probes = keepalive.newRound();
        this.lastUse = pool.lastTouch;
    }

    @SuppressWarnings(
            "ThreadPriorityCheck") // nothing relies on it; but a virtual thread keeps its carrier until it yields
    void run() {
        pool.step(this::slice);
        while (stage != Stage.ENDED) {
            if (sortPending) {
                sort();
            }
            Thread.yield();
            // I35: the next slice, after all that wait for the lock
            pool.stepBehindOthers(this::slice);
        }
    }

    private void slice(Actions actions) {
        if (pool.has(EndpointPool.REMOVED | EndpointPool.CLOSED)) {
            stage = Stage.ENDED;
        }
        budget = SLICE;
        while (stage != Stage.ENDED && !sortPending && budget > 0) {
            switch (stage) {
                case LOOK -> look(actions);
                case RETIRE_IDLE -> retireIdle(actions);
                case LOOK_FOR_PROBES -> lookForProbes();
                case PROBE -> probe(actions);
                default -> serve(actions);
            }
        }
    }

    private void goOn(Stage following) {
        stage = following;
        next = 0;
    }

    /** A list has been collected: it is sorted here if that is quick, else when the lock is free. */
    private void goOnSorted(Stage following, int listed) {
        goOn(following);
        if (listed > SLICE) {
            sortPending = true;
        } else {
            sort();
        }
    }

    private void sort() {
        sortPending = false;
        if (stage == Stage.RETIRE_IDLE) {
            idle.sort(Dated::compare);
        } else {
            probes.choose();
        }
    }

    private void look(Actions actions) {
        for (; next < pool.places() && budget > 0; next++, budget--) {
            Slot<E, C> slot = pool.slotAt(next);
            if (slot != null) {
                look(slot, actions);
            }
        }
        if (next >= pool.places()) {
            if (pool.lastTouch - lastUse > 0) {
                lastUse = pool.lastTouch;
            }
            pool.retain(rules.isRetained(pool, lastUse, tick));
            goOnSorted(Stage.RETIRE_IDLE, idle.size());
        }
    }

    private void look(Slot<E, C> slot, Actions actions) {
        if (slot.state() == Slot.LEASED) {
            lastUse = tick;
            rules.findLeak(pool, slot, tick);
            return;
        }
        long since = slot.since; // read once: releases go on meanwhile
        if (slot.leases() > 0 && since - lastUse > 0) {
            lastUse = since;
        }
        if (!slot.isIdle()) {
            return;
        }
        if (rules.isExpired(slot, tick)) {
            if (slot.tryMove(Slot.IDLE, Slot.PENDING)) {
                pool.dispose(slot, DisposeReason.MAX_LIFETIME, null, actions);
            }
        } else if (rules.isIdleTooLong(slot, tick)) {
            idle.add(new Dated<>(slot, since));
        }
    }

    private void retireIdle(Actions actions) {
        boolean hasExtras = pool.held() > pool.effectiveMinIdle();
        for (; next < idle.size() && budget > 0 && hasExtras; next++, budget--) {
            Slot<E, C> slot = idle.get(next).slot();
            if (rules.isIdleTooLong(slot, tick) && slot.tryMove(Slot.IDLE, Slot.PENDING)) {
                pool.dispose(slot, DisposeReason.IDLE_TIMEOUT, null, actions);
                hasExtras = pool.held() > pool.effectiveMinIdle();
            }
        }
        if (next >= idle.size() || !hasExtras) {
            goOn(probes.isAllowed(pool) ? Stage.LOOK_FOR_PROBES : Stage.SERVE);
        }
    }

    private void lookForProbes() {
        for (; next < pool.places() && budget > 0; next++, budget--) {
            Slot<E, C> slot = pool.slotAt(next);
            if (slot != null) {
                probes.note(slot, tick);
            }
        }
        if (next >= pool.places()) {
            goOnSorted(Stage.PROBE, probes.candidates());
        }
    }

    private void probe(Actions actions) {
        boolean goesOn = probes.isAllowed(pool);
        for (; goesOn && budget > 0; budget--) {
            goesOn = probes.probeNext(actions);
        }
        if (!goesOn) {
            goOn(Stage.SERVE);
        }
    }

    private void serve(Actions actions) {
        pool.resumeRefill();
        serve.run(Step.of(pool, actions));
        goOn(Stage.ENDED);
    }
}
