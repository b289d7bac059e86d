package io.genericpool.micrometer;

import io.genericpool.EndpointUnavailableException;
import io.genericpool.PoolExhaustedException;
import io.genericpool.event.LeaseEvent;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Times waits as well. A class of its own, because a pool may spare the events that its listener does not override. */
sealed class WaitTimers extends PoolTimers permits LeaseTimers {
    private final List<Timer> waits = new CopyOnWriteArrayList<>();

    @Override
    Runnable bind(MeterSet<?> meters) {
        Runnable unbind = super.bind(meters);
        Timer timer = meters.timer("genericpool.acquire.wait", "Acquires that had to wait");
        waits.add(timer);
        return () -> {
            waits.remove(timer);
            unbind.run();
        };
    }

    /** A lease that was granted at once has a duration of zero. */
    @Override
    public final void onAcquired(LeaseEvent<Object> event) {
        if (!event.duration().isZero()) {
            record(waits, event);
        }
    }

    @Override
    public final void onAcquireFailed(LeaseEvent<Object> event) {
        Throwable failure = event.failure().orElse(null);
        boolean rejected = failure instanceof PoolExhaustedException || failure instanceof EndpointUnavailableException;
        if (!rejected && !event.duration().isZero()) {
            record(waits, event);
        }
    }
}
