package io.genericpool.console;

import io.genericpool.event.LeaseEvent;

/** A class of its own, because a pool spares the events that its listener does not override. */
final class WaitingActivity extends PoolActivity {
    WaitingActivity() {
        super(true);
    }

    /** A lease that was granted at once has a duration of zero. */
    @Override
    public void onAcquired(LeaseEvent<Object> event) {
        addWait(event);
    }
}
