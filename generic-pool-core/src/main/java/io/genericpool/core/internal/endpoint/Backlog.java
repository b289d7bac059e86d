package io.genericpool.core.internal.endpoint;

import io.genericpool.DisposeReason;
import io.genericpool.core.internal.log.SafeLog;
import io.genericpool.core.internal.queue.Actions;
import io.genericpool.core.internal.slot.Slot;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Connections that must go and are not on their way yet. Evicting or closing an endpoint marks all of its connections, which
 * keeps each of them from being lent; it disposes a slice of them, and leaves the rest here. The end of each disposal takes
 * the next slice when no disposal waits for its turn. So whatever an operator asks for returns soon, and neither threads nor
 * queues grow with the number of connections (I40).
 */
public final class Backlog<E, C> {
    private static final SafeLog LOG = SafeLog.of(Backlog.class);

    private final EndpointContext<E, C> context;
    private final ServeStep<E, C> serve;
    private final ConcurrentLinkedQueue<Part<E, C>> parts = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean isSlicing = new AtomicBoolean();

    public Backlog(EndpointContext<E, C> context, ServeStep<E, C> serve) {
        this.context = context;
        this.serve = serve;
    }

    /** How many connections one thread may dispose at once. */
    public static final class Slice {
        /** What the thread of an operator, or of a signal, starts itself: each may start a thread. */
        private static final int SIZE_OF_CALLERS = 32;

        private static final int SIZE = 256;

        private int left;

        /** For a caller's own thread. */
        public Slice() {
            this(SIZE_OF_CALLERS);
        }

        private Slice(int size) {
            left = size;
        }

        private boolean take() {
            if (left == 0) {
                return false;
            }
            left--;
            return true;
        }
    }

    /**
     * What is left of one endpoint: the idle ones from a place on, or leased ones that were taken from their holders, or, from
     * {@link #BEYOND_MAX_SIZE} on, those idle longest beyond its maximum.
     */
    private record Part<E, C>(
            EndpointPool<E, C> pool, @Nullable List<Slot<E, C>> revoked, int from) {}

    private static final int BEYOND_MAX_SIZE = -1;

    /** Under the endpoint's lock: its idle connections that carry a flag for which they must go, or all if it is closed. */
    void disposeIdle(EndpointPool<E, C> pool, Slice slice, Actions actions) {
        disposeIdle(pool, 0, slice, actions);
    }

    private void disposeIdle(EndpointPool<E, C> pool, int from, Slice slice, Actions actions) {
        for (int i = from; i < pool.places(); i++) {
            Slot<E, C> slot = pool.slotAt(i);
            DisposeReason reason = slot == null ? null : mustGo(pool, slot);
            if (slot == null || reason == null) {
                continue;
            }
            if (!slice.take()) {
                parts.add(new Part<>(pool, null, i));
                return;
            }
            if (slot.tryMove(Slot.IDLE, Slot.PENDING)) {
                pool.dispose(slot, reason, null, actions);
            }
        }
    }

    private static @Nullable DisposeReason mustGo(EndpointPool<?, ?> pool, Slot<?, ?> slot) {
        if (!slot.isIdle()) {
            return null;
        }
        return pool.has(EndpointPool.CLOSED) ? DisposeReason.CLOSED : Slot.flagged(slot.word());
    }

    /**
     * Under the endpoint's lock, by the repair: disposes idle connections that must go and are in no part, because an error
     * struck between their flag and their part (I30). Where parts are left, they go on first.
     */
    public void disposeForgotten(EndpointPool<E, C> pool, Actions actions) {
        if (parts.isEmpty()) {
            disposeIdle(pool, new Slice(), actions);
            actions.add(more -> handOn());
        }
    }

    /** Under the endpoint's lock: connections that are PENDING, since a close has taken them from their holders. */
    void disposeRevoked(EndpointPool<E, C> pool, List<Slot<E, C>> revoked, Slice slice, Actions actions) {
        disposeRevoked(pool, revoked, 0, slice, actions);
    }

    private void disposeRevoked(
            EndpointPool<E, C> pool, List<Slot<E, C>> revoked, int from, Slice slice, Actions actions) {
        for (int i = from; i < revoked.size(); i++) {
            if (!slice.take()) {
                parts.add(new Part<>(pool, revoked, i));
                return;
            }
            Slot<E, C> slot = revoked.get(i);
            if (slot.state() == Slot.PENDING) { // else it was disposed before an error struck
                pool.dispose(slot, DisposeReason.CLOSED, null, actions);
            }
        }
    }

    /**
     * Under the endpoint's lock, after its maximum was lowered: those idle longest go. Those that are left may be lent meanwhile;
     * each release disposes while there are too many.
     */
    void disposeBeyondMaxSize(EndpointPool<E, C> pool, Slice slice, Actions actions) {
        int excess = pool.held() - pool.mostHeld();
        int count = Math.min(excess, slice.left);
        Collection<Slot<E, C>> longest = longestIdle(pool, count);
        for (Slot<E, C> slot : longest) {
            if (slice.take() && slot.tryMove(Slot.IDLE, Slot.PENDING)) {
                pool.dispose(slot, beyondMaxSize(pool), null, actions);
            }
        }
        if (excess > count && longest.size() == count) {
            parts.add(new Part<>(pool, null, BEYOND_MAX_SIZE));
        }
    }

    /** Within its own limit, it is other processes that want its place. */
    static DisposeReason beyondMaxSize(EndpointPool<?, ?> pool) {
        return pool.held() > pool.limits.maxSize() ? DisposeReason.RESIZED : DisposeReason.PRESSURE;
    }

    /** In one walk, for a whole slice: one walk for each of them would take the square of their number. */
    private Collection<Slot<E, C>> longestIdle(EndpointPool<E, C> pool, int count) {
        Comparator<Slot<E, C>> latestFirst = (one, other) ->
                one.since == other.since ? other.index - one.index : Long.signum(other.since - one.since);
        var longest = new PriorityQueue<Slot<E, C>>(Math.max(1, count), latestFirst);
        for (int i = 0; count > 0 && i < pool.places(); i++) {
            Slot<E, C> slot = pool.slotAt(i);
            if (slot == null || !slot.isIdle()) {
                continue;
            }
            if (longest.size() < count) {
                longest.add(slot);
            } else if (slot.since - longest.element().since < 0) {
                longest.remove();
                longest.add(slot);
            }
        }
        var inOrder = new ArrayDeque<Slot<E, C>>(longest.size() + 1);
        while (!longest.isEmpty()) {
            inOrder.addFirst(longest.remove());
        }
        return inOrder;
    }

    /** After each disposal: takes the next slice unless disposals wait for their turn. */
    public void goOn(Actions actions) {
        if (!parts.isEmpty() && !context.outlet.hasWaitingDisposals()) {
            actions.add(this::takeSlice);
        }
    }

    /** After a call may have left something here: another thread goes on with it. */
    public void handOn() {
        if (parts.isEmpty()) {
            return;
        }
        try {
            context.settings.executors.disposeExecutor().execute(this::goOn);
        } catch (Throwable e) { // no thread is to be had: the end of a disposal goes on, or the next tick
            LOG.debug(
                    "pool {}: no executor accepts the rest of the disposals; the end of one, or the next tick,"
                            + " continues",
                    context.settings.name(),
                    e);
        }
    }

    private void goOn() {
        var actions = new Actions();
        goOn(actions);
        actions.run();
    }

    public boolean isEmpty() {
        return parts.isEmpty();
    }

    /**
     * One thread at a time. Where it has begun a disposal, the end of that goes on; where it has not, it looks again, since
     * another thread may have left something meanwhile and been turned away here.
     */
    private void takeSlice(Actions actions) {
        boolean mayEnd = false;
        while (!mayEnd && isSlicing.compareAndSet(false, true)) {
            var slice = new Slice(Slice.SIZE);
            try {
                for (Part<E, C> part = next(slice); part != null; part = next(slice)) {
                    dispose(part, slice, actions);
                    parts.remove(); // not before: an error must not lose it, and no other thread takes parts now
                }
            } finally {
                isSlicing.set(false);
            }
            mayEnd = slice.left < Slice.SIZE || parts.isEmpty();
        }
    }

    private @Nullable Part<E, C> next(Slice slice) {
        return slice.left == 0 ? null : parts.peek();
    }

    private void dispose(Part<E, C> part, Slice slice, Actions actions) {
        EndpointPool<E, C> pool = part.pool;
        List<Slot<E, C>> revoked = part.revoked;
        pool.lock();
        try {
            if (part.from == BEYOND_MAX_SIZE) {
                disposeBeyondMaxSize(pool, slice, actions);
            } else if (revoked == null) {
                disposeIdle(pool, part.from, slice, actions);
            } else {
                disposeRevoked(pool, revoked, part.from, slice, actions);
            }
            serve.run(Step.of(pool, actions));
        } finally {
            pool.unlock();
        }
    }
}
