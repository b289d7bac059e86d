package io.genericpool.micrometer;

import io.genericpool.event.LeaseEvent;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Times leases as well. */
final class LeaseTimers extends WaitTimers {
    private final List<Timer> leases = new CopyOnWriteArrayList<>();

    @Override
    Runnable bind(MeterSet<?> meters) {
        Runnable unbind = super.bind(meters);
        Timer timer = meters.timer("genericpool.lease", "Times for which leases were held");
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
