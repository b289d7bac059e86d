package io.genericpool.benchmarks;

import io.genericpool.event.LeaseEvent;
import io.genericpool.event.PoolListener;
import java.util.concurrent.atomic.LongAdder;

/** What a listener for metrics does at least: counts leases and adds up how long they were waited for and held. */
final class CountingListener implements PoolListener<String> {
    final LongAdder acquired = new LongAdder();
    final LongAdder waitedNanos = new LongAdder();
    final LongAdder heldNanos = new LongAdder();

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
