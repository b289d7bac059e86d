package io.genericpool.core.internal.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.core.internal.queue.Actions;
import io.genericpool.core.internal.slot.Slot;
import io.genericpool.core.internal.slot.SlotLease;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Shows I31: what tenants hold is counted again by the repair. */
class StarvingLineTest {
    private final StarvingLine<String, Object> line = new StarvingLine<>();
    private final SlotTable<String, Object> table = new SlotTable<>();
    private final Tenant<String, Object> one = new Tenant<>("one");
    private final Tenant<String, Object> two = new Tenant<>("two");
    private final Tenant<String, Object> three = new Tenant<>("three");

    private Slot<String, Object> slot(Tenant<String, Object> tenant) {
        var slot = new Slot<>(new Owner(tenant), 0);
        table.add(slot);
        return slot;
    }

    @Test
    void whatTenantsHoldIsCountedAgain() {
        slot(one);
        table.setLeaving(slot(one), true);
        slot(three);
        line.count(one, 5, 3, 0);
        line.count(two, 4, 0, 2);
        two.granted = 1;

        assertThat(line.recount(List.of(one, two), table)).isTrue();

        assertThat(List.of(one.held, two.held, three.held)).containsExactly(2, 1, 1);
        assertThat(List.of(one.staying(), two.staying(), three.staying())).containsExactly(1, 1, 1);
        assertThat(one.wanted).isZero();
        assertThat(line.recount(List.of(one, two), table)).isFalse();
    }

    static final class Owner extends Claimant<String, Object> {
        private static final long serialVersionUID = 1L;
        int abandoned;
        private final transient Tenant<String, Object> tenant;

        Owner(Tenant<String, Object> tenant) {
            this.tenant = tenant;
        }

        @Override
        public void list(Slot<String, Object> slot, long word) {
            throw new AssertionError("no slot becomes idle here");
        }

        @Override
        public int abandonedCounted() {
            return abandoned;
        }

        @Override
        public void countAbandoned(int calls) {
            abandoned += calls;
        }

        @Override
        public Tenant<String, Object> tenant() {
            return tenant;
        }

        @Override
        public boolean isReserved() {
            return false;
        }

        @Override
        public int wanted() {
            return 0;
        }

        @Override
        public void setWanted(int count, long now) {
            throw new AssertionError();
        }

        @Override
        public int grants() {
            return 0;
        }

        @Override
        public void credit(int permits) {
            throw new AssertionError();
        }

        @Override
        public boolean grantOne() {
            throw new AssertionError();
        }

        @Override
        public int takeGrants() {
            return 0;
        }

        @Override
        public void starvesSince(long now) {
            throw new AssertionError();
        }

        @Override
        public long starvedSince() {
            throw new AssertionError();
        }

        @Override
        public void serve(Actions actions) {
            throw new AssertionError();
        }

        @Override
        public String endpoint() {
            return "endpoint";
        }

        @Override
        public String label() {
            return "endpoint";
        }

        @Override
        public void release(SlotLease<String, Object> lease) {
            throw new AssertionError();
        }

        @Override
        public void invalidate(SlotLease<String, Object> lease, Throwable cause) {
            throw new AssertionError();
        }
    }
}
