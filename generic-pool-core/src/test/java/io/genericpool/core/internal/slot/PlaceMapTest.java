package io.genericpool.core.internal.slot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Shows I41: its maps. */
class PlaceMapTest {
    private final PlaceMap map = new PlaceMap();

    @Test
    void itFindsWhatABitSetFinds() {
        var expected = new BitSet();
        var random = new Random(7);
        int places = 3 * 64 * 64 + 5;
        map.ensure(places);
        for (int i = 0; i < 20_000; i++) {
            int place = random.nextInt(places);
            if (random.nextInt(10) < 4) {
                map.set(place);
                expected.set(place);
            } else {
                int found = map.next(place);
                assertThat(found).isEqualTo(expected.nextSetBit(place));
                if (found >= 0) {
                    map.clear(found);
                    expected.clear(found);
                }
            }
        }
    }

    @Test
    void whatWasSetStaysWhenItGrows() {
        map.ensure(10);
        map.set(9);
        map.ensure(10_000);
        map.set(9_999);
        assertThat(map.next(0)).isEqualTo(9);
        assertThat(map.next(10)).isEqualTo(9_999);
        assertThat(map.next(10_000)).isEqualTo(-1);
    }

    @Test
    void beyondItsPlacesNothingIsSet() {
        assertThat(map.next(0)).isEqualTo(-1);
        assertThat(map.isSet(7)).isFalse();
    }

    /** A look without the lock leaves the upper words alone, and ends after some empty words. */
    @Test
    void aLookWithoutTheLockGoesThroughFewEmptyWords() {
        map.ensure(64 * 64);
        for (int word = 0; word < 20; word++) {
            map.set(word * 64);
            map.clear(word * 64);
        }
        map.set(20 * 64);
        assertThat(map.next(0, 8)).isEqualTo(-1);
        assertThat(map.next(0, 30)).isEqualTo(20 * 64);
        assertThat(map.next(0)).as("with the lock").isEqualTo(20 * 64);
        assertThat(map.next(0, 8)).as("after it has forgotten them").isEqualTo(20 * 64);
    }

    @Test
    void theOneSetLatelyIsRemembered() {
        map.ensure(1_000);
        map.set(3);
        map.set(700);
        assertThat(map.lately()).isEqualTo(700);
        map.clear(700);
        assertThat(map.lately()).isEqualTo(-1);
    }
}
