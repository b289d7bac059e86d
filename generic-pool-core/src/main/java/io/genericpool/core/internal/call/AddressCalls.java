package io.genericpool.core.internal.call;

import io.genericpool.core.internal.queue.Actions;
import java.net.InetAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Asks the manager for the addresses of endpoints, on the connect executor. A lookup has as long as a connection attempt:
 * name servers that do not answer would hold its thread otherwise. It belongs to no connection, so a close does not wait
 * for one.
 */
public final class AddressCalls<E, C> {
    private final CallContext<E, C> context;
    private final Set<Lookup> running = ConcurrentHashMap.newKeySet();
    private volatile boolean isStopped;

    public AddressCalls(CallContext<E, C> context) {
        this.context = context;
    }

    /** What becomes of one lookup: one of the first four is told, and {@code returned} after {@code abandoned}. */
    public interface Outcome {
        void found(Set<InetAddress> addresses);

        void failed(Throwable why);

        /** The executor has refused it. */
        void refused(Throwable why);

        /** It has not returned within twice its time, and its thread is still held. */
        void abandoned(TimeoutException why);

        /** The thread of one that was abandoned is free. */
        void returned();
    }

    /** Starts a lookup. What is to follow from its end is added to the actions by {@code then}. */
    public void lookUp(E endpoint, Outcome outcome, Actions.Action then, Actions actions) {
        var lookup = new Lookup(endpoint, outcome, then);
        running.add(lookup);
        if (!lookup.start(context.executors.connectExecutor(), actions)) {
            lookup.withdrawn(actions);
        }
    }

    /** The pool closes: nothing is looked up from now on, and what is under way is interrupted. */
    public void stop() {
        isStopped = true;
        running.forEach(BoundedCall::interrupt);
    }

    private final class Lookup extends BoundedCall<Set<InetAddress>> {
        private final E endpoint;
        private final Outcome outcome;
        private final Actions.Action then;

        Lookup(E endpoint, Outcome outcome, Actions.Action then) {
            super(context.calls, "addresses", context.settings.connectTimeout);
            this.endpoint = endpoint;
            this.outcome = outcome;
            this.then = then;
        }

        @Override
        Object call() throws Exception {
            return isStopped ? Set.of() : Set.copyOf(context.manager.addresses(endpoint));
        }

        @Override
        boolean waitsWhenRefused() {
            return true;
        }

        @Override
        void ended(@Nullable Set<InetAddress> found, @Nullable Throwable failure, Actions actions) {
            running.remove(this);
            if (failure instanceof Withdrawn) {
                outcome.refused(failure);
            } else if (failure != null || found == null) {
                outcome.failed(failure == null ? new NullPointerException("addresses returned null") : failure);
            } else {
                outcome.found(found);
            }
        }

        @Override
        void abandoned(TimeoutException why, Actions actions) {
            outcome.abandoned(why);
        }

        @Override
        void returnedLate(@Nullable Set<InetAddress> found, Actions actions) {
            if (running.remove(this)) {
                outcome.returned();
                actions.add(then);
            }
        }

        @Override
        void over(Actions actions) {
            actions.add(then);
        }
    }
}
