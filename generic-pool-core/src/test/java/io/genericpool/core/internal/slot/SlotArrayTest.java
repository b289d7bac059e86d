package io.genericpool.core.internal.slot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlotArrayTest {
    private final SlotArray<String, Object> array = new SlotArray<>(true);

    private Slot<String, Object> added() {
        var slot = SlotTest.idle(array.nextIndex());
        array.add(slot);
        array.list(slot.index);
        return slot;
    }

    @Test
    void anEmptyOneLeasesNothing() {
        assertThat(array.tryLease(0, 1)).isNull();
        var slot = added();
        assertThat(array.tryLease(0, 1).slot).isSameAs(slot);
        assertThat(array.tryLease(0, 1)).isNull();
    }

    @Test
    void everySlotIsFoundByEveryThread() {
        List<Slot<String, Object>> slots = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            slots.add(added());
        }
        var leased = new HashSet<Slot<String, Object>>();
        for (int i = 0; i < 100; i++) {
            leased.add(array.tryLease(0, i).slot);
        }
        assertThat(leased).containsExactlyInAnyOrderElementsOf(slots);
        assertThat(array.tryLease(0, 5)).isNull();
    }

    @Test
    void aThreadComesBackToTheSlotItUsedLastAndOthersToTheLowest() {
        var low = added();
        var high = added();
        var other = array.tryLease(0, 1);
        var own = array.tryLease(0, 2);
        assertThat(own.slot).isSameAs(high);
        low.tryRelease(other.word);
        high.tryRelease(own.word);

        assertThat(array.tryLease(0, 2).slot).isSameAs(high);
        assertThat(array.tryLease(0, 7).slot).isSameAs(low);
    }

    @Test
    void freePlacesAreFilledFromTheLowest() {
        List<Slot<String, Object>> slots = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            slots.add(added());
        }
        array.remove(slots.get(4));
        array.remove(slots.get(1));

        assertThat(added().index).isEqualTo(1);
        assertThat(added().index).isEqualTo(4);
        assertThat(added().index).isEqualTo(6);
        assertThat(array.length()).isGreaterThanOrEqualTo(7);
    }
}
