package io.genericpool.core.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.support.Nanos;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class WaiterQueueTest {
    private final WaiterQueue<String, Object> queue = new WaiterQueue<>();

    private static final class Way extends Cover<String, Object> {
        private final boolean acceptsNew;

        Way(boolean acceptsNew) {
            this.acceptsNew = acceptsNew;
        }

        @Override
        public boolean accepts(Waiter<String, Object> waiter) {
            return acceptsNew || !waiter.isNewOnly;
        }
    }

    /** A request of the current thread. */
    private static long lastSequence;

    private static final class Request extends Waiter<String, Object> {
        Request(boolean isNewOnly) {
            super(isNewOnly, 0, Nanos.FOREVER);
            sequence = ++lastSequence;
        }

        @Override
        public long threadId() {
            return Thread.currentThread().getId();
        }

        @Override
        public boolean isBlocking() {
            return true;
        }

        @Override
        public boolean isEntering() {
            return false;
        }

        @Override
        public void signal(Actions more) {
            throw new AssertionError("the queue wakes nobody");
        }
    }

    private Waiter<String, Object> added(boolean isNewOnly) {
        var request = new Request(isNewOnly);
        queue.add(request);
        return request;
    }

    /** Shows I49. */
    @Test
    void aWalkUnlinksThoseThatHaveLeftUnlessTheyHaveACover() {
        var first = added(false);
        var covered = added(false);
        var third = added(false);
        var last = added(false);
        var way = new Way(true);
        queue.cover(covered, way);
        first.tryLeave(Waiter.TIMED_OUT);
        covered.tryLeave(Waiter.TIMED_OUT);
        third.tryLeave(Waiter.CANCELLED);

        assertThat(queue.first()).isSameAs(last);

        assertThat(queue.size()).isEqualTo(2);
        assertThat(queue.uncovered()).isOne();
        assertThat(queue.after(third)).as("a walk that had come to it goes on").isSameAs(last);
        assertThat(queue.remove(first)).isNull();
        assertThat(queue.remove(covered)).isSameAs(way);
        assertThat(queue.remove(third)).isNull();
        assertThat(queue.size()).isOne();
        assertThat(queue.after(third))
                .as("nothing is kept by one that is withdrawn")
                .isNull();
    }

    /** Shows I49. */
    @Test
    void theFirstThatLeavesWithdrawsAllThatLeaveMeanwhile() {
        var first = added(false);
        var second = added(false);
        var third = added(false);

        assertThat(first.noteLeft()).isTrue();
        assertThat(second.noteLeft()).isFalse();

        assertThat(queue.takeLeft()).isSameAs(second);
        assertThat(queue.takeLeft()).isSameAs(first);
        assertThat(queue.takeLeft()).isNull();
        assertThat(third.noteLeft()).isTrue();
    }

    @Test
    void itKeepsTheOrderWhoeverLeaves() {
        var first = added(false);
        var second = added(false);
        var third = added(false);
        assertThat(third.ahead).isEqualTo(2);

        queue.remove(second);

        assertThat(queue.first()).isSameAs(first);
        assertThat(queue.after(first)).isSameAs(third);
        assertThat(queue.after(third)).isNull();
        queue.remove(first);
        queue.remove(third);
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.first()).isNull();
        assertThat(queue.uncovered()).isZero();
        assertThat(queue.remove(third)).as("again").isNull();
        assertThat(queue.size()).isZero();
    }

    /** Shows I12. */
    @Test
    void oneThatHasLeftIsPassedOver() {
        var first = added(false);
        var second = added(false);
        assertThat(first.tryLeave(Waiter.TIMED_OUT)).isTrue();
        assertThat(first.tryLeave(Waiter.CANCELLED)).as("one outcome").isFalse();

        assertThat(queue.first()).isSameAs(second);
        assertThat(queue.oldestForReuse()).isSameAs(second);
        assertThat(first.state()).isEqualTo(Waiter.TIMED_OUT);
        assertThatThrownBy(first::lease).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(first::failure).isInstanceOf(IllegalStateException.class);
    }

    /** Shows I10: a look has unlinked it, so nothing is meant for it, and it comes back to no line. */
    @Test
    void oneThatWasUnlinkedBecauseItHasLeftIsNeitherCoveredNorLinkedAgain() {
        var left = added(false);
        left.tryLeave(Waiter.TIMED_OUT);
        assertThat(queue.first()).isNull();
        assertThat(queue.size()).isZero();
        var way = new Way(true);
        queue.cover(left, way);
        assertThat(way.covered).isNull();

        left.cover = way; // as if that had come just before
        way.covered = left;
        WaiterQueue.<String, Object>none().uncover(left);
        assertThat(WaiterQueue.none().uncovered()).isZero();
        assertThat(WaiterQueue.none().oldestUncovered(false)).isNull();
        assertThat(left.cover).isNull();
    }

    @Test
    void theOldestIsFoundForWhatItTakes() {
        var newOnly = added(true);
        var reuse = added(false);
        var old = new Way(false);
        var fresh = new Way(true);

        assertThat(queue.oldestForReuse()).isSameAs(reuse);
        assertThat(queue.oldestFor(old)).isSameAs(reuse);
        assertThat(queue.oldestFor(fresh)).isSameAs(newOnly);
        assertThat(queue.oldestUncoveredFor(fresh)).isSameAs(newOnly);
        queue.cover(newOnly, fresh);
        assertThat(queue.oldestUncoveredFor(new Way(true))).isSameAs(reuse);
        queue.cover(reuse, old);
        assertThat(queue.oldestUncoveredFor(new Way(true))).isNull();
        assertThat(queue.uncovered()).isZero();
        assertThat(queue.remove(reuse)).isSameAs(old);
        assertThat(old.covered).isNull();
        queue.uncover(newOnly);
        queue.uncover(newOnly);
        assertThat(fresh.covered).isNull();
        assertThat(queue.uncovered()).isOne();
        assertThat(queue.oldestFor(new Way(false))).isNull();
    }

    /** Shows I10. */
    @Test
    void itAgreesWithAPlainListInAnyOrderOfSteps() {
        var random = new SplittableRandom(1);
        List<Waiter<String, Object>> list = new ArrayList<>();
        for (int step = 0; step < 20_000; step++) {
            int what = random.nextInt(5);
            if (what < 2 || list.isEmpty()) {
                list.add(added(random.nextInt(4) == 0));
            } else {
                var request = list.get(random.nextInt(list.size()));
                if (what == 2) {
                    queue.remove(request);
                    list.remove(request);
                } else if (what == 3 && request.cover == null) {
                    queue.cover(request, new Way(true));
                } else {
                    queue.uncover(request);
                }
            }
            assertThat(queue.size()).isEqualTo(list.size());
            assertThat(queue.uncovered()).isEqualTo((int)
                    list.stream().filter(each -> each.cover == null).count());
            assertThat(queue.first()).isSameAs(list.isEmpty() ? null : list.get(0));
            assertThat(queue.oldestForReuse()).isSameAs(first(list, each -> !each.isNewOnly));
            var uncoveredReuse = first(list, each -> !each.isNewOnly && each.cover == null);
            assertThat(queue.oldestUncovered(false)).isSameAs(uncoveredReuse);
            assertThat(queue.oldestUncovered(true)).isSameAs(first(list, each -> each.isNewOnly && each.cover == null));
            assertThat(queue.oldestUncoveredFor(new Way(true))).isSameAs(first(list, each -> each.cover == null));
            assertThat(queue.oldestUncoveredFor(new Way(false))).isSameAs(uncoveredReuse);
            if (uncoveredReuse != null) {
                assertThat(queue.hasUncoveredForReuseBeside(uncoveredReuse))
                        .isEqualTo(list.stream()
                                        .filter(each -> !each.isNewOnly && each.cover == null)
                                        .count()
                                > 1);
            }
        }
        assertThat(ofKind(false))
                .isEqualTo(list.stream().filter(each -> !each.isNewOnly).toList());
        assertThat(ofKind(true))
                .isEqualTo(list.stream().filter(each -> each.isNewOnly).toList());
        List<Waiter<String, Object>> both = new ArrayList<>();
        for (var each = queue.firstOfKinds(); each != null; each = queue.afterOfKinds(each)) {
            both.add(each);
        }
        assertThat(both).containsExactlyInAnyOrderElementsOf(list);
    }

    private static Waiter<String, Object> first(
            List<Waiter<String, Object>> list, Predicate<Waiter<String, Object>> condition) {
        return list.stream().filter(condition).findFirst().orElse(null);
    }

    private List<Waiter<String, Object>> ofKind(boolean isNewOnly) {
        List<Waiter<String, Object>> all = new ArrayList<>();
        for (var each = queue.oldest(isNewOnly); each != null; each = queue.after(each)) {
            all.add(each);
        }
        return all;
    }
}
