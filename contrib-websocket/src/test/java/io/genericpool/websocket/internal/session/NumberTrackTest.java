package io.genericpool.websocket.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class NumberTrackTest {
    private final List<String> events = new ArrayList<>();
    private final NumberTrack track = new NumberTrack(new NumberTrack.Events() {
        @Override
        public void gap(long before, long next) {
            events.add("gap " + before + ".." + next);
        }

        @Override
        public void filled(long from, long to) {
            events.add("filled " + from + ".." + to);
        }
    });
    private final List<Long> taken = new ArrayList<>();

    /** A message whose content is told by its number. */
    private void see(long... numbers) {
        for (long number : numbers) {
            seeWith(number, Long.hashCode(number));
        }
    }

    private void seeWith(long number, int content) {
        if (track.accept(number, content, true, true)) {
            taken.add(number);
        }
    }

    private void seeFrom(long first, long last) {
        for (long number = first; number <= last; number++) {
            see(number);
        }
    }

    @Test
    void takesWhatIsSentAgainAfterALiveMessageHasOvertakenIt() {
        seeFrom(1, 5);
        assertThat(track.reconnect()).isEqualTo(5);
        see(10, 6, 7, 11, 8, 9, 12);
        assertThat(taken).containsExactly(1L, 2L, 3L, 4L, 5L, 10L, 6L, 7L, 11L, 8L, 9L, 12L);
        assertThat(events).containsExactly("gap 5..10", "filled 6..9");
    }

    @Test
    void losesNothingOfARowThatBeginsAnewWhileTheConnectionBeforeStillSends() {
        seeFrom(1, 1_000);
        track.reconnect();
        track.beginAnew(1, 1);
        taken.clear();
        for (long old = 1_001; old <= 1_002; old++) {
            assertThat(track.acceptFromOld(old, Long.hashCode(old))).isTrue();
        }
        seeFrom(2, 2_000);
        assertThat(taken).hasSize(1_999);
        assertThat(events).containsExactly("gap 1000..1");
    }

    @Test
    void dropsWhatWasSeenAndWhatFillsAGapTwice() {
        seeFrom(1, 5);
        track.reconnect();
        see(4, 5, 10, 6, 6, 9, 9, 10);
        assertThat(taken).endsWith(5L, 10L, 6L, 9L);
        assertThat(events).containsExactly("gap 5..10");
    }

    @Test
    void takesAGapInAnyOrder() {
        for (int seed = 0; seed < 100; seed++) {
            var random = new SplittableRandom(seed);
            var fresh = new NumberTrack(new NumberTrack.Events() {
                @Override
                public void gap(long before, long next) {}

                @Override
                public void filled(long from, long to) {
                    events.add("filled " + from + ".." + to);
                }
            });
            events.clear();
            fresh.accept(1, 1, true, true);
            fresh.reconnect();
            fresh.accept(50, 50, true, true);
            var missing = new TreeSet<Integer>();
            for (int i = 2; i < 50; i++) {
                missing.add(i);
            }
            while (!missing.isEmpty()) {
                int number = List.copyOf(missing).get(random.nextInt(missing.size()));
                missing.remove(number);
                assertThat(fresh.accept(number, number, true, true)).isTrue();
                assertThat(fresh.accept(number, number, true, true)).isFalse();
                assertThat(events.size()).isEqualTo(missing.isEmpty() ? 1 : 0);
            }
            assertThat(events).containsExactly("filled 2..49");
        }
    }

    @Test
    void asksOnceMoreForWhatIsStillMissingAndThenGivesItUp() {
        seeFrom(1, 5);
        track.reconnect();
        see(10, 6);
        // The connection ends in the middle of what is sent again.
        assertThat(track.reconnect()).isEqualTo(6);
        see(8, 9, 10, 11);
        assertThat(taken).endsWith(10L, 6L, 8L, 9L, 11L);
        assertThat(track.reconnect()).isEqualTo(11);
        see(7);
        assertThat(events).startsWith("gap 5..10");
    }

    @Test
    void tellsWhenThePeerHasBegunToCountAnew() {
        seeFrom(1, 1000);
        track.reconnect();
        seeFrom(1, 3);
        assertThat(taken).endsWith(1000L, 1L, 2L, 3L);
        assertThat(events).containsExactly("gap 1000..1");
        assertThat(track.last()).isEqualTo(3);
    }

    @Test
    void tellsANewBeginningAmongRecentNumbersByWhatTheyStandFor() {
        seeFrom(1, 100);
        track.reconnect();
        seeWith(50, -1);
        seeWith(51, -1);
        assertThat(taken).endsWith(100L, 50L, 51L);
        assertThat(events).containsExactly("gap 100..50");
    }

    @Test
    void tellsANewBeginningOnTheSameConnection() {
        seeFrom(5000, 6000);
        seeFrom(1, 3);
        assertThat(taken).endsWith(6000L, 1L, 2L, 3L);
        assertThat(events).containsExactly("gap 6000..1");
    }

    @Test
    void takesARepetitionForOneHoweverLongItIsWhenItWasAskedFor() {
        seeFrom(1, 5);
        track.reconnect();
        see(3000);
        // The peer has sent all but one of the missing, and much more, before the connection ended.
        seeFrom(7, 2999);
        seeFrom(3001, 4000);
        assertThat(track.reconnect()).isEqualTo(5);
        taken.clear();
        events.clear();
        seeFrom(6, 4001);
        assertThat(taken).containsExactly(6L, 4001L);
        assertThat(events).containsExactly("filled 6..2999");
    }

    @Test
    void takesANumberThatWasOvertakenOnItsOwnConnection() {
        see(10, 12, 11, 11, 13);
        assertThat(taken).containsExactly(10L, 12L, 11L, 13L);
        assertThat(events).isEmpty();
    }

    @Test
    void neverBeginsAnewByItselfWhenTheUserDecides() {
        seeFrom(1, 1000);
        track.reconnect();
        assertThat(track.accept(1, 1, true, false)).isFalse();
        track.beginAnew(2, 2);
        assertThat(track.accept(3, 3, true, false)).isTrue();
        assertThat(events).containsExactly("gap 1000..2");
    }

    @Test
    void tellsGapsOfAReplacementOnlyWhenTheOldConnectionHasNotFilledThem() {
        seeFrom(1, 10);
        track.reconnect();
        assertThat(track.accept(21, 21, false, true)).isTrue();
        for (long number = 11; number <= 18; number++) {
            assertThat(track.acceptFromOld(number, (int) number)).isTrue();
        }
        assertThat(events).isEmpty();
        track.tellGaps();
        assertThat(events).containsExactly("gap 18..21");
    }

    @Test
    void holdsABoundedNumberOfGaps() {
        see(0);
        for (int i = 1; i <= 1000; i++) {
            track.reconnect();
            see(i * 10L);
        }
        assertThat(events).hasSize(1000);
        assertThat(track.reconnect()).isEqualTo(9990);
    }
}
