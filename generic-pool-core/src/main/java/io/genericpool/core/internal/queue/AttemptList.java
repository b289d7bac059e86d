package io.genericpool.core.internal.queue;

import io.genericpool.core.internal.slot.Slot;
import org.jspecify.annotations.Nullable;

/**
 * The connects of one endpoint that are in flight, and among them those that are meant for no waiter in particular. Guarded
 * by the endpoint's lock. The links are in the attempts, so nothing here needs memory.
 */
public final class AttemptList<E, C> {
    private static final AttemptList<?, ?> NONE = new AttemptList<>();

    private @Nullable ConnectAttempt<E, C> head;
    private @Nullable ConnectAttempt<E, C> freeHead;
    private @Nullable ConnectAttempt<E, C> freeTail;
    private int size;
    private int refills;

    /** That of an endpoint without any, which is most of the time; shared by all, and never added to. */
    @SuppressWarnings("unchecked")
    public static <E, C> AttemptList<E, C> none() {
        return (AttemptList<E, C>) NONE;
    }

    public int size() {
        return size;
    }

    public void add(ConnectAttempt<E, C> attempt) {
        attempt.list = this;
        ConnectAttempt<E, C> second = head;
        attempt.next = second;
        if (second != null) {
            second.previous = attempt;
        }
        head = attempt;
        size++;
        refills += attempt.isRefill ? 1 : 0;
        coveredChanged(attempt);
    }

    /** No effect when it is not in. */
    public void remove(ConnectAttempt<E, C> attempt) {
        if (attempt.list != this) {
            return;
        }
        attempt.list = null;
        unlinkFree(attempt);
        ConnectAttempt<E, C> before = attempt.previous;
        ConnectAttempt<E, C> behind = attempt.next;
        if (before == null) {
            head = behind;
        } else {
            before.next = behind;
        }
        if (behind != null) {
            behind.previous = before;
        }
        attempt.previous = null;
        attempt.next = null;
        size--;
        refills -= attempt.isRefill ? 1 : 0;
    }

    /** An attempt is meant for a waiter now, or for none in particular. */
    void coveredChanged(ConnectAttempt<E, C> attempt) {
        unlinkFree(attempt);
        if (attempt.covered == null) {
            ConnectAttempt<E, C> last = freeTail;
            attempt.isListedFree = true;
            attempt.previousFree = last;
            if (last == null) {
                freeHead = attempt;
            } else {
                last.nextFree = attempt;
            }
            freeTail = attempt;
        }
    }

    private void unlinkFree(ConnectAttempt<E, C> attempt) {
        if (!attempt.isListedFree) {
            return;
        }
        ConnectAttempt<E, C> before = attempt.previousFree;
        ConnectAttempt<E, C> behind = attempt.nextFree;
        if (before == null) {
            freeHead = behind;
        } else {
            before.nextFree = behind;
        }
        if (behind == null) {
            freeTail = before;
        } else {
            behind.previousFree = before;
        }
        attempt.isListedFree = false;
        attempt.previousFree = null;
        attempt.nextFree = null;
    }

    /** The one that is made for a slot; null when there is none. Goes through all: for the repair. */
    public @Nullable ConnectAttempt<E, C> of(Slot<E, C> slot) {
        ConnectAttempt<E, C> attempt = head;
        while (attempt != null && attempt.slot != slot) {
            attempt = attempt.next;
        }
        return attempt;
    }

    public boolean hasRefill() {
        return refills > 0;
    }

    /**
     * The first that is meant for none in particular and may serve a waiter which takes a used connection. Those of an older
     * generation are void: they are not looked at again.
     */
    public @Nullable ConnectAttempt<E, C> freeFor(Waiter<E, C> waiter, int generation) {
        ConnectAttempt<E, C> attempt = freeHead;
        while (attempt != null && !isFreeFor(attempt, waiter, generation)) {
            ConnectAttempt<E, C> behind = attempt.nextFree;
            if (attempt.generation != generation) {
                unlinkFree(attempt);
            }
            attempt = behind;
        }
        return attempt;
    }

    private boolean isFreeFor(ConnectAttempt<E, C> attempt, Waiter<E, C> waiter, int generation) {
        return attempt.generation == generation && attempt.covered == null && attempt.accepts(waiter);
    }

    /** An evict has made them void: what they were meant for needs others. */
    public void uncoverAll(WaiterQueue<E, C> queue) {
        for (ConnectAttempt<E, C> attempt = head; attempt != null; attempt = attempt.next) {
            if (attempt.covered != null) {
                queue.uncover(attempt.covered);
            }
        }
    }
}
