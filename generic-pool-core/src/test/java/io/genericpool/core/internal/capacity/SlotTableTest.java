package io.genericpool.core.internal.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.core.internal.slot.Slot;
import io.genericpool.core.internal.slot.SlotTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SlotTableTest {
    private final SlotTable<String, Object> table = new SlotTable<>();

    private Slot<String, Object> added(long idleSince) {
        var slot = SlotTest.idle();
        slot.since = idleSince;
        table.add(slot);
        return slot;
    }

    @Test
    void amongAFewTheOneIdleLongestIsFound() {
        added(30);
        var longest = added(10);
        added(20);
        assertThat(table.longestIdle(false, -1)).isSameAs(longest);
        longest.tryLease(0);
        assertThat(table.longestIdle(false, -1).since).isEqualTo(20);
    }

    @Test
    void idleSinceIsComparedAcrossTheWrapOfTheClock() {
        added(Long.MIN_VALUE + 5);
        var longest = added(Long.MAX_VALUE - 5);
        assertThat(table.longestIdle(false, -1)).isSameAs(longest);
    }

    @Test
    void whenNoneIsIdleNoneIsFound() {
        assertThat(table.longestIdle(false, -1)).isNull();
        for (int i = 0; i < 200; i++) {
            added(i).tryLease(0);
        }
        assertThat(table.longestIdle(false, -1)).isNull();
    }

    @Test
    void theOnlyIdleOneOfManyIsFoundWhereverTheHandIs() {
        List<Slot<String, Object>> slots = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            slots.add(added(i));
        }
        slots.forEach(slot -> slot.tryLease(0));
        for (int i = 0; i < 1_000; i += 37) {
            var slot = slots.get(i);
            slot.tryMove(Slot.LEASED, Slot.IDLE);
            assertThat(table.longestIdle(false, -1)).isSameAs(slot);
            slot.tryLease(0);
            table.handAfter(13);
        }
    }

    @Test
    void placesAreUsedAgain() {
        List<Slot<String, Object>> slots = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            slots.add(added(i));
        }
        slots.forEach(table::remove);
        int length = table.all().length;
        for (int i = 0; i < 100; i++) {
            added(i);
        }
        assertThat(table.all()).hasSize(length);
        assertThat(Arrays.stream(table.all()).filter(Objects::nonNull))
                .hasSize(100)
                .doesNotHaveDuplicates();
        assertThat(slots).extracting(slot -> slot.tableIndex).containsOnly(-1);
        assertThat(Arrays.stream(table.all()).filter(Objects::nonNull))
                .extracting(slot -> slot.tableIndex)
                .doesNotHaveDuplicates();
    }
}
