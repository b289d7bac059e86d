package io.genericpool.core.internal.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

import io.genericpool.core.internal.slot.Slot;
import io.genericpool.core.internal.slot.SlotTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Shows I41: its maps. */
class SlotTableTest {
    private final SlotTable<String, Object> table = new SlotTable<>();

    @SuppressWarnings("unchecked")
    private final Claimant<String, Object> owner = mock(Claimant.class);

    private Slot<String, Object> added(long idleSince) {
        var slot = SlotTest.idle(owner, 0);
        slot.since = idleSince;
        table.add(slot);
        table.list(slot);
        return slot;
    }

    /** A look goes on until it has found one, or passed all. */
    private Slot<String, Object> longestIdle() {
        Slot<String, Object> victim = null;
        for (int left = table.places(); victim == null && left > 0; ) {
            SlotTable.Found<String, Object> found = table.longestIdle(false, -1);
            victim = found.victim();
            left -= found.passed();
        }
        return victim;
    }

    private void release(Slot<String, Object> slot) {
        if (Slot.isUnlisted(slot.word())) {
            table.list(slot);
        }
        slot.tryRelease(slot.word());
    }

    @Test
    void amongAFewTheOneIdleLongestIsFound() {
        added(30);
        var longest = added(10);
        added(20);
        assertThat(longestIdle()).isSameAs(longest);
        longest.tryLease(0);
        assertThat(longestIdle().since).isEqualTo(20);
    }

    @Test
    void idleSinceIsComparedAcrossTheWrapOfTheClock() {
        added(Long.MIN_VALUE + 5);
        var longest = added(Long.MAX_VALUE - 5);
        assertThat(longestIdle()).isSameAs(longest);
    }

    @Test
    void whenNoneIsIdleNoneIsFound() {
        assertThat(longestIdle()).isNull();
        for (int i = 0; i < 200; i++) {
            added(i).tryLease(0);
        }
        assertThat(longestIdle()).isNull();
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
            release(slot);
            assertThat(longestIdle()).isSameAs(slot);
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
