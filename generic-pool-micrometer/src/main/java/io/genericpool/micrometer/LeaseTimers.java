package io.genericpool.micrometer;

import io.genericpool.event.LeaseEvent;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Times leases as well. */
final class LeaseTimers extends WaitTimers {
    private final List<Timer> leases = new CopyOnWriteArrayList<>();

    @Override
    Runnable bind(MeterSet<?> meters, TimerNames names) {
        Runnable unbind = super.bind(meters, names);
        Timer timer = meters.timer(names.leases(), "Times for which leases were held");
        leases.add(timer);
        return () -> {
            leases.remove(timer);
            unbind.run();
        };
    }

    @Override
    public void onReleased(LeaseEvent<Object> event) {
        record(leases, event);
    }
}
