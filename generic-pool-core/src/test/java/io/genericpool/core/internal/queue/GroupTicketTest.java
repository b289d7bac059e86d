package io.genericpool.core.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.support.Nanos;
import org.junit.jupiter.api.Test;

/** What tickets of one request do to each other, in the orders in which two threads may come. */
class GroupTicketTest {
    private static final class Request extends Waiter<String, Object> {
        int signals;

        Request() {
            super(false, 0, Nanos.FOREVER);
        }

        @Override
        public long threadId() {
            return 1;
        }

        @Override
        public boolean isBlocking() {
            return false;
        }

        @Override
        public boolean isEntering() {
            return false;
        }

        @Override
        public void signal(Actions more) {
            signals++;
        }
    }

    private static final class Holder extends TicketHolder<String, Object> {
        int reasons;

        Holder(Request request) {
            super(request, 2);
        }

        @Override
        protected void turnTaken(GroupTicket<String, Object> ticket) {}

        @Override
        public void started(GroupTicket<String, Object> ticket) {}

        @Override
        public void goOn(Actions more) {
            reasons++;
        }
    }

    private final Request request = new Request();
    private final Holder holder = new Holder(request);
    private final GroupTicket<String, Object> a = new GroupTicket<>(holder, false);
    private final GroupTicket<String, Object> b = new GroupTicket<>(holder, false);

    /** Shows I54. */
    @Test
    void aRequestWithoutAnOutcomeIsNotSignalledAlthoughATicketHasWon() {
        assertThat(holder.tryWin(b)).isTrue(); // and its thread is held up before the outcome
        assertThat(a.isWaiting()).as("what a sweep finds").isFalse();

        a.signal(new Actions());

        assertThat(request.signals).as("a future settles at its first signal").isZero();
        assertThat(holder.reasons).isOne();

        request.tryLeave(Waiter.TIMED_OUT);
        b.signal(new Actions());
        assertThat(request.signals).isOne();
    }
}
