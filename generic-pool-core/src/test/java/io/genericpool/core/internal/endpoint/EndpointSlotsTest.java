package io.genericpool.core.internal.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.CALLS_REAL_METHODS;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.withSettings;

import io.genericpool.core.internal.slot.Slot;
import io.genericpool.core.internal.slot.SlotTest;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class EndpointSlotsTest {
    @SuppressWarnings("unchecked")
    private final EndpointSlots<String, Object> slots =
            mock(EndpointSlots.class, withSettings().useConstructor(null, false).defaultAnswer(CALLS_REAL_METHODS));

    private Slot<String, Object> added() {
        var slot = SlotTest.idle(slots.nextIndex());
        slots.addSlot(slot);
        return slot;
    }

    @Test
    void oneSlotNeedsNoArray() {
        assertThat(slots.places()).isOne();
        assertThat(slots.slotAt(0)).isNull();
        assertThat(slots.tryLeaseIdle(0, 1)).isNull();
        var only = added();
        assertThat(slots.places()).isOne();
        assertThat(slots.slotAt(0)).isSameAs(only);
        assertThat(slots.tryLeaseIdle(0, 1).slot).isSameAs(only);
        assertThat(slots.tryLeaseIdle(0, 1)).isNull();
        slots.removeSlot(only);
        assertThat(slots.tryLeaseIdle(0, 1)).isNull();
        assertThat(slots.nextIndex()).isZero();
    }

    @Test
    void theFirstIsFoundAmongAllWhenOthersCome() {
        var first = added();
        var second = added();
        assertThat(slots.slotAt(0)).isSameAs(first);
        assertThat(slots.slotAt(1)).isSameAs(second);
        assertThat(slots.tryLeaseIdle(0, 1).slot).isSameAs(first);
        assertThat(slots.tryLeaseIdle(0, 1).slot).isSameAs(second);
    }

    @Test
    void whatIsAddedAndRemovedInAnyOrderIsAtItsPlace() {
        var random = new SplittableRandom(1);
        var expected = new TreeMap<Integer, Slot<String, Object>>();
        for (int i = 0; i < 2_000; i++) {
            if (expected.isEmpty() || random.nextInt(5) < 3 && expected.size() < 40) {
                int lowestFree = 0;
                while (expected.containsKey(lowestFree)) {
                    lowestFree++;
                }
                var slot = added();
                assertThat(slot.index).isEqualTo(lowestFree);
                expected.put(slot.index, slot);
            } else {
                List<Integer> places = new ArrayList<>(expected.keySet());
                slots.removeSlot(expected.remove(places.get(random.nextInt(places.size()))));
            }
            for (int place = 0; place < slots.places(); place++) {
                assertThat(slots.slotAt(place)).isSameAs(expected.get(place));
            }
        }
    }
}
