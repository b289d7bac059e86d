package io.genericpool.core.internal.queue;

import io.genericpool.core.internal.log.SafeLog;
import io.genericpool.core.internal.slot.DeferredWork;
import org.jspecify.annotations.Nullable;

/**
 * What was decided under a lock and must happen without it: wake a waiter, start a connect, dispose a slot, serve another
 * endpoint. One thread fills it under locks and then runs it holding none. Actions are given the list they are on and may
 * add to it; all run in the order in which they were added, on one stack level, however long the chain across endpoints
 * or failing connects gets.
 */
public final class Actions implements DeferredWork {
    private static final SafeLog LOG = SafeLog.of(Actions.class);

    /** So many checks are made by the thread itself; it may have a deadline of its own. */
    private static final int CHECKS_IN_PLACE = 16;

    private final Line queue = new Line();
    private int checksInPlace;
    /** What listeners are told. */
    private final Line news = new Line();

    private volatile boolean isOver;

    /** An action and what comes after it. Made before it is linked: an error then loses no other one. */
    private static final class Link {
        final Action action;

        @Nullable
        Link next;

        Link(Action action) {
            this.action = action;
        }
    }

    private static final class Line {
        private @Nullable Link first;
        private @Nullable Link last;

        void add(Link link) {
            if (last == null) {
                first = link;
            } else {
                last.next = link;
            }
            last = link;
        }

        @Nullable
        Action take() {
            Link taken = first;
            if (taken == null) {
                return null;
            }
            first = taken.next;
            last = first == null ? null : last;
            return taken.action;
        }
    }

    /** One thing to do. */
    public interface Action {
        void run(Actions more);

        /** Whether it may be run once more when it has failed, because what was done already is not done twice. */
        default boolean isRepeatable() {
            return false;
        }
    }

    public void add(Action action) {
        queue.add(new Link(action));
    }

    /**
     * Tells a listener something once all that was decided has been done: a listener that waits, or closes the pool, keeps
     * no caller from a connection that is granted already.
     */
    public void tell(Runnable telling) {
        news.add(new Link(more -> telling.run()));
    }

    /** Whether the thread that runs these actions may make one more check itself, rather than hand it on. */
    public boolean takesCheck() {
        if (checksInPlace == CHECKS_IN_PLACE) {
            return false;
        }
        checksInPlace++;
        return true;
    }

    /** By the thread that filled it, holding no lock. An action that throws does not keep the others from running. */
    public void run() {
        try {
            for (Action action = next(); action != null; action = next()) {
                run(action);
            }
        } finally {
            isOver = true;
        }
    }

    @Override
    public boolean isOver() {
        return isOver;
    }

    private void run(Action action) {
        try {
            action.run(this);
        } catch (Throwable e) {
            report(e);
            if (action.isRepeatable()) {
                runAgain(action);
            }
        }
    }

    private void runAgain(Action action) {
        try {
            action.run(this);
        } catch (Throwable e) {
            report(e);
        }
    }

    private static void report(Throwable failure) {
        try {
            LOG.error("a deferred step of the pool failed; please report this", failure);
        } catch (Throwable e) {
            // No memory for the text either: what is left to do matters more.
        }
    }

    private @Nullable Action next() {
        Action action = queue.take();
        return action == null ? news.take() : action;
    }
}
