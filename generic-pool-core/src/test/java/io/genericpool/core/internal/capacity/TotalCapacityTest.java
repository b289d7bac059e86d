package io.genericpool.core.internal.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.core.internal.queue.Actions;
import io.genericpool.spi.SharedLimits.Giving;
import io.genericpool.spi.SharedLimits.Share;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Shows I31 and I60: abandoned calls are counted again by the repair. */
class TotalCapacityTest {
    private final TotalCapacity<String, Object> capacity = new TotalCapacity<>(10, more -> {});
    private final StarvingLineTest.Owner one = new StarvingLineTest.Owner(new Tenant<>("one"));
    private final StarvingLineTest.Owner two = new StarvingLineTest.Owner(new Tenant<>("two"));

    @Test
    void abandonedCallsAreCountedAgain() {
        capacity.share(new Share(1, 5, Giving.ALL, 5, 0, null), new Actions());
        capacity.setAbandoned(one, 2, new Actions());
        capacity.setAbandoned(two, 1, new Actions());
        assertThat(capacity.max()).isEqualTo(2);
        assertThat(capacity.demand(false).held()).isEqualTo(3);
        one.abandoned = 0; // an error has struck before the total knew of it

        assertThat(capacity.repairAbandoned(List.of(one, two), new Actions())).isTrue();

        assertThat(capacity.max()).isEqualTo(4);
        assertThat(capacity.demand(false).held()).isEqualTo(1);
        assertThat(capacity.repairAbandoned(List.of(one, two), new Actions())).isFalse();
    }
}
