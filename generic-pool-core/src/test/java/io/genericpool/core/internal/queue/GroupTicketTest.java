package io.genericpool.core.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.core.internal.slot.SlotLease;
import io.genericpool.core.internal.slot.SlotTest;
import io.genericpool.support.Nanos;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What tickets of one request do to each other, in the orders in which two threads may come. */
class GroupTicketTest {
    private static final class Request extends Waiter<String, Object> {
        int signals;

        Request() {
            super(false, 0, Nanos.FOREVER);
        }

        boolean isBroken;

        @Override
        public boolean tryDeliver(SlotLease<String, Object> granted) {
            if (isBroken) {
                throw new StackOverflowError("of the test");
            }
            return super.tryDeliver(granted);
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
        public void handedOver(GroupTicket<String, Object> ticket) {}

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

    /** The delivery does not look into the lease. */
    private static SlotLease<String, Object> lease() {
        return new SlotLease<>(SlotTest.idle(), 1);
    }

    /** Shows I54. */
    @Test
    void anErrorBeforeTheOutcomeLeavesTheDeliveryToAnotherTicket() {
        var lease = lease();
        request.isBroken = true;
        assertThatThrownBy(() -> b.tryDeliver(lease)).isInstanceOf(StackOverflowError.class);
        request.isBroken = false;

        assertThat(a.isWaiting()).isTrue();
        assertThat(a.tryDeliver(lease)).isTrue();
        assertThat(b.tryDeliver(lease)).isFalse();
        assertThat(request.state()).isEqualTo(Waiter.DELIVERED);
    }

    @Test
    void aTicketThatIsOutOfTroubleCountsAgainAndStillSaysWhatItWas() {
        Failure refused = Failure.refused(null, 1);
        assertThat(a.tryMeet(refused)).isTrue();
        assertThat(b.tryMeet(Failure.create(new IOException("down")))).isTrue();
        assertThat(holder.hasHopes()).isFalse();
        assertThat(request.isWaiting()).as("the round decides").isTrue();

        b.endTrouble();
        assertThat(holder.hasHopes()).as("no other connect is started for b").isFalse();
        a.endTrouble();

        assertThat(holder.hasHopes()).isTrue();
        assertThat(a.trouble()).isNull();
        assertThat(a.failure()).as("for one that has read its state before").isSameAs(refused);
        a.tryMeet(refused);
        assertThat(holder.hasHopes()).isFalse();
    }

    /** With idle connections in order, a request waits for its check only where it would overtake none by what is fresh. */
    @Test
    void aTicketThatIsSetAsideIsSeenByThoseThatWaitForACheck() {
        var queue = new WaiterQueue<String, Object>();
        var plain = new Request();
        plain.sequence = 1;
        queue.add(plain);
        assertThat(queue.hasUncoveredForReuseBeside(plain)).isFalse();
        a.sequence = 2;
        queue.add(a);
        queue.setAside(a);

        assertThat(queue.hasUncoveredForReuseBeside(plain)).isTrue();

        queue.remove(a);
        assertThat(queue.hasUncoveredForReuseBeside(plain)).isFalse();
    }

    /** Shows I31 and I56. */
    @Test
    void theRepairLeavesTicketsAsideWhoseRequestHasNoFreeTurn() {
        var queue = new WaiterQueue<String, Object>();
        var plain = new Request();
        List<GroupTicket<String, Object>> aside = new ArrayList<>();
        for (int i = 1; i <= 4; i++) {
            var ticket = new GroupTicket<>(new Holder(new Request()), false);
            ticket.sequence = i;
            queue.add(ticket);
            aside.add(ticket);
        }
        plain.sequence = 5;
        queue.add(plain);
        aside.forEach(queue::setAside);
        assertThat(queue.uncovered()).isOne();
        var none = new GroupTicket<>(aside.get(1).holder, false);
        assertThat(none.holder.tryTakeTurn(none)).isTrue();

        queue.repair();

        assertThat(queue.uncovered()).isEqualTo(4);
        List<Waiter<String, Object>> linked = new ArrayList<>();
        for (var w = queue.oldestUncovered(false); w != null; w = queue.uncoveredAfter(w)) {
            linked.add(w);
        }
        assertThat(linked).containsExactly(aside.get(0), aside.get(2), aside.get(3), plain);
        queue.repair();
        assertThat(queue.uncovered()).isEqualTo(4);
    }
}
