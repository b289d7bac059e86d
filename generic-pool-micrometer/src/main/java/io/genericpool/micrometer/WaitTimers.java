package io.genericpool.micrometer;

import io.genericpool.PoolExhaustedException;
import io.genericpool.event.LeaseEvent;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Times waits as well. A class of its own, because a pool spares the events that its listener does not override. */
sealed class WaitTimers extends PoolTimers permits LeaseTimers {
    private final List<Timer> waits = new CopyOnWriteArrayList<>();

    @Override
    Runnable bind(MeterSet<?> meters, TimerNames names) {
        Runnable unbind = super.bind(meters, names);
        Timer timer = meters.timer(names.waits(), "Acquires that had to wait");
        waits.add(timer);
        return () -> {
            waits.remove(timer);
            unbind.run();
        };
    }

    @Override
    public final void onAcquiredAfterWait(LeaseEvent<Object> event) {
        record(waits, event);
    }

    /** One that was turned away was queued for the moment of its arrival alone. */
    @Override
    public final void onAcquireFailed(LeaseEvent<Object> event) {
        boolean isTurnedAway = event.failure().orElse(null) instanceof PoolExhaustedException;
        if (event.hasWaited() && !isTurnedAway) {
            record(waits, event);
        }
    }
}
