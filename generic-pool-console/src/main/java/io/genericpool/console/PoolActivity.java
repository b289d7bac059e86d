package io.genericpool.console;

import io.genericpool.EndpointUnavailableException;
import io.genericpool.PoolExhaustedException;
import io.genericpool.console.internal.feed.Activity;
import io.genericpool.console.internal.feed.FeedClock;
import io.genericpool.console.internal.feed.Texts;
import io.genericpool.event.CircuitEvent;
import io.genericpool.event.ConnectionEvent;
import io.genericpool.event.LeaseEvent;
import io.genericpool.event.PoolEvent;
import io.genericpool.event.PoolListener;
import io.genericpool.support.Nanos;
import io.genericpool.support.SafeText;
import java.util.Locale;

/**
 * Records what a console shows beyond the statistics: the last 200 events, holders of leaked leases, and waits. Give the
 * same object to the pool's builder ({@code listener}) and to {@link PoolConsoleBuilder#pool(io.genericpool.ConnectionPool,
 * PoolActivity)}.
 *
 * <p>A pool has one listener. If yours must stay, let it call the methods of this one. One object serves one pool.
 * Thread-safe.
 */
public sealed class PoolActivity implements PoolListener<Object> permits WaitingActivity {
    final Activity activity;

    PoolActivity(boolean waits) {
        activity = new Activity(FeedClock.SYSTEM, waits);
    }

    /**
     * Records events and holders. This costs the acquire and release of an idle connection nothing.
     *
     * @return the record
     */
    public static PoolActivity events() {
        return new PoolActivity(false);
    }

    /**
     * Records events, holders and waits. The pool then creates an event for every acquire, so acquires cost more.
     *
     * @return the record
     */
    public static PoolActivity eventsAndWaits() {
        return new WaitingActivity();
    }

    /**
     * Records that a connection was opened.
     *
     * @param event the details
     */
    @Override
    public final void onConnectionCreated(ConnectionEvent<Object> event) {
        add("opened", event, "in " + Nanos.text(event.duration()));
    }

    /**
     * Records that a connection attempt failed.
     *
     * @param event the details
     */
    @Override
    public final void onConnectFailed(ConnectionEvent<Object> event) {
        add("connect failed", event, failure(event));
    }

    /**
     * Records that a connection was disposed.
     *
     * @param event the details
     */
    @Override
    public final void onConnectionDisposed(ConnectionEvent<Object> event) {
        String reason = event.reason()
                .map(each -> each.name().toLowerCase(Locale.ROOT).replace('_', ' '))
                .orElse("unknown reason");
        add("closed", event, reason + " after " + event.leases() + (event.leases() == 1 ? " lease" : " leases"));
    }

    /**
     * Records that a call to the manager did not return.
     *
     * @param event the details
     */
    @Override
    public final void onConnectionAbandoned(ConnectionEvent<Object> event) {
        add("abandoned", event, SafeText.label(event.operation()) + " did not return");
    }

    /**
     * Records that an acquire ended without a lease.
     *
     * @param event the details
     */
    @Override
    public final void onAcquireFailed(LeaseEvent<Object> event) {
        boolean cancelled = event.failure().isEmpty();
        add(cancelled ? "cancelled" : "acquire failed", event, cancelled ? "" : failure(event));
        Throwable failure = event.failure().orElse(null);
        boolean refused = failure instanceof PoolExhaustedException || failure instanceof EndpointUnavailableException;
        if (activity.timesWaits && !refused) {
            addWait(event);
        }
    }

    /**
     * Records a leak with its holder.
     *
     * @param event the details
     */
    @Override
    public final void onLeakDetected(LeaseEvent<Object> event) {
        String holder = event.holder().map(SafeText::message).orElse("unknown thread");
        activity.holders.add(event.endpoint(), event.duration().toNanos(), holder);
        add("leak", event, "held for " + Nanos.text(event.duration()) + " by " + holder);
    }

    /**
     * Records that a hook of the manager failed.
     *
     * @param event the details
     */
    @Override
    public final void onHookFailed(ConnectionEvent<Object> event) {
        add("hook failed", event, SafeText.label(event.operation()) + ": " + failure(event));
    }

    /**
     * Records a change of an endpoint's circuit.
     *
     * @param event the details
     */
    @Override
    public final void onCircuitChanged(CircuitEvent<Object> event) {
        String state = event.after().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        String pause = event.duration().isZero() ? "" : "no attempt for " + Nanos.text(event.duration());
        add("circuit " + state, event, pause);
    }

    final void addWait(LeaseEvent<Object> event) {
        if (!event.duration().isZero()) {
            activity.waits.add(event.endpoint(), event.duration().toNanos());
        }
    }

    private void add(String kind, PoolEvent<Object> event, String text) {
        activity.journal.add(kind, SafeText.label(event.endpointLabel()), text);
    }

    private static String failure(PoolEvent<Object> event) {
        return event.failure().map(Texts::of).orElse("no failure known");
    }
}
