package io.genericpool.benchmarks.subject;

import io.genericpool.event.LeaseEvent;
import io.genericpool.event.PoolListener;
import java.util.concurrent.atomic.LongAdder;

/** What a listener for metrics does at least: counts leases and adds up how long they were waited for and held. */
public final class CountingListener implements PoolListener<String> {
    public final LongAdder acquired = new LongAdder();
    public final LongAdder waitedNanos = new LongAdder();
    public final LongAdder heldNanos = new LongAdder();

    @Override
    public void onAcquired(LeaseEvent<String> event) {
        acquired.increment();
        waitedNanos.add(event.duration().toNanos());
    }

    @Override
    public void onReleased(LeaseEvent<String> event) {
        heldNanos.add(event.duration().toNanos());
    }
}
