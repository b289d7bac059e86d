package io.genericpool.core.internal.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.core.internal.queue.Actions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Shows I36: never more than the bound in flight, no turn lost, endpoints in turn. */
class CallTurnsTest {
    private final List<String> begun = new ArrayList<>();
    private final List<String> withdrawn = new ArrayList<>();
    private final Set<String> refused = new HashSet<>();
    private int refusals;

    private final class Job implements CallTurns.Call {
        private final String name;
        private final CallTurns.Turn turn;

        Job(String endpoint, int number) {
            this.name = endpoint + number;
            this.turn = new CallTurns.Turn(endpoint.intern(), this);
        }

        @Override
        public boolean begin(Actions actions) {
            if (refused.contains(name)) {
                return false;
            }
            begun.add(name);
            return true;
        }

        @Override
        public void withdraw(Actions actions) {
            withdrawn.add(name);
        }
    }

    private CallTurns turns(int max) {
        return new CallTurns(max, () -> refusals++);
    }

    private Job enter(CallTurns turns, String endpoint, int number) {
        var job = new Job(endpoint, number);
        var actions = new Actions();
        turns.enter(job.turn, actions);
        actions.run();
        return job;
    }

    private static void leave(CallTurns turns, Job job) {
        var actions = new Actions();
        turns.leave(job.turn, actions);
        actions.run();
    }

    private static void retry(CallTurns turns) {
        var actions = new Actions();
        turns.retry(actions);
        actions.run();
    }

    /** Shows I29: an error while a collection grows could lose what it holds. */
    @Test
    void nothingThatHoldsTurnsOrActionsGrows() throws ReflectiveOperationException {
        for (String name : List.of("CallTurns", "CallTurns$Line", "CallTurns$Turn")) {
            assertThat(Class.forName("io.genericpool.core.internal.call." + name)
                            .getDeclaredFields())
                    .as(name)
                    .noneMatch(field -> Collection.class.isAssignableFrom(field.getType()));
        }
        assertThat(Actions.class.getDeclaredFields())
                .noneMatch(field -> Collection.class.isAssignableFrom(field.getType()));
    }

    @Test
    void noMoreThanTheBoundAreInFlight() {
        var turns = turns(2);
        Job first = enter(turns, "a", 1);
        enter(turns, "a", 2);
        Job third = enter(turns, "a", 3);
        assertThat(begun).containsExactly("a1", "a2");
        assertThat(third.turn.hasWaited()).isTrue();
        assertThat(first.turn.hasWaited()).isFalse();
        leave(turns, first);
        assertThat(begun).containsExactly("a1", "a2", "a3");
        assertThat(turns.inFlight()).isEqualTo(2);
        assertThat(turns.waiting()).isZero();
    }

    @Test
    void endpointsTakeTurnsAndEachIsServedInOrderOfArrival() {
        var turns = turns(1);
        List<Job> jobs = new ArrayList<>();
        jobs.add(enter(turns, "a", 1));
        for (int i = 2; i < 6; i++) {
            jobs.add(enter(turns, "a", i));
        }
        jobs.add(enter(turns, "b", 1));
        jobs.add(enter(turns, "b", 2));
        jobs.add(enter(turns, "c", 1));
        for (int i = 0; i < jobs.size(); i++) {
            String current = begun.get(i);
            leave(
                    turns,
                    jobs.stream()
                            .filter(j -> j.name.equals(current))
                            .findFirst()
                            .orElseThrow());
        }
        assertThat(begun).containsExactly("a1", "a2", "b1", "c1", "a3", "b2", "a4", "a5");
        assertThat(turns.inFlight()).isZero();
    }

    @Test
    void aTurnIsLeftOnce() {
        var turns = turns(1);
        Job first = enter(turns, "a", 1);
        enter(turns, "a", 2);
        enter(turns, "a", 3);
        leave(turns, first);
        leave(turns, first);
        assertThat(begun).containsExactly("a1", "a2");
        assertThat(turns.inFlight()).isEqualTo(1);
    }

    @Test
    void oneThatLeavesBeforeItsTurnIsPassedOver() {
        var turns = turns(1);
        Job first = enter(turns, "a", 1);
        Job second = enter(turns, "a", 2);
        enter(turns, "a", 3);
        leave(turns, second);
        assertThat(begun).containsExactly("a1");
        leave(turns, first);
        assertThat(begun).containsExactly("a1", "a3");
    }

    @Test
    void oneThatIsRefusedComesFirstAgainAndHoldsNoTurnMeanwhile() {
        var turns = turns(2);
        refused.add("a1");
        refused.add("b1");
        enter(turns, "a", 1);
        assertThat(refusals).isEqualTo(1);
        assertThat(turns.inFlight()).isZero();
        enter(turns, "b", 1);
        enter(turns, "a", 2);
        assertThat(begun).as("those behind it wait, too").isEmpty();
        assertThat(refusals).as("each that joins them tries the first again").isEqualTo(3);
        retry(turns);
        assertThat(refusals).as("one attempt per retry").isEqualTo(4);
        refused.clear();
        retry(turns);
        assertThat(begun).containsExactly("a1", "b1");
        assertThat(turns.inFlight()).isEqualTo(2);
        assertThat(turns.waiting()).isEqualTo(1);
    }

    @Test
    void theEndOfACallTriesOneThatWasRefusedAgain() {
        var turns = turns(2);
        Job first = enter(turns, "a", 1);
        refused.add("b1");
        enter(turns, "b", 1);
        refused.clear();
        leave(turns, first);
        assertThat(begun).containsExactly("a1", "b1");
    }

    @Test
    void theNextCallTriesOneThatWasRefusedAgain() {
        var turns = turns(2);
        refused.add("a1");
        enter(turns, "a", 1);
        assertThat(turns.inFlight()).isZero();
        refused.clear();
        enter(turns, "b", 1);
        assertThat(begun).containsExactly("a1", "b1");
        assertThat(turns.hasWaiting()).isFalse();
    }

    @Test
    void allThatWaitAreWithdrawn() {
        var turns = turns(1);
        Job first = enter(turns, "a", 1);
        enter(turns, "b", 1);
        enter(turns, "a", 2);
        var actions = new Actions();
        turns.withdrawWaiting(actions);
        actions.run();
        assertThat(withdrawn).containsExactlyInAnyOrder("a2", "b1");
        leave(turns, first);
        assertThat(begun).containsExactly("a1");
        assertThat(turns.hasWaiting()).isFalse();
    }

    @Test
    void randomTracesKeepTheBoundAndLoseNothing() {
        for (int seed = 0; seed < 200; seed++) {
            begun.clear();
            refused.clear();
            var random = new Random(seed);
            int max = 1 + random.nextInt(4);
            var turns = turns(max);
            List<Job> jobs = new ArrayList<>();
            for (int step = 0; step < 200; step++) {
                switch (random.nextInt(4)) {
                    case 0, 1 -> {
                        String endpoint = "e" + random.nextInt(5) + "-";
                        if (random.nextInt(5) == 0) {
                            refused.add(endpoint + step);
                        }
                        jobs.add(enter(turns, endpoint, step));
                    }
                    case 2 -> {
                        if (!begun.isEmpty()) {
                            String name = begun.get(random.nextInt(begun.size()));
                            jobs.stream().filter(j -> j.name.equals(name)).forEach(j -> leave(turns, j));
                        }
                    }
                    default -> {
                        refused.clear();
                        retry(turns);
                    }
                }
                assertThat(turns.inFlight()).as("seed %d", seed).isBetween(0, max);
            }
            refused.clear();
            retry(turns);
            for (int i = 0; i < begun.size(); i++) {
                String name = begun.get(i);
                jobs.stream().filter(j -> j.name.equals(name)).forEach(j -> leave(turns, j));
            }
            assertThat(begun).as("seed %d", seed).hasSize(jobs.size()).doesNotHaveDuplicates();
            assertThat(turns.inFlight()).isZero();
        }
    }

    /** Ends at once when it begins, on the thread that begins it, and leaves its turn. */
    private static final class ShortCall implements CallTurns.Call {
        private final CallTurns turns;
        private final CallTurns.Turn turn;
        private final AtomicInteger running;
        private final AtomicInteger most;
        private final AtomicInteger ended;

        ShortCall(CallTurns turns, int endpoint, AtomicInteger running, AtomicInteger most, AtomicInteger ended) {
            this.turns = turns;
            this.turn = new CallTurns.Turn(("e" + endpoint).intern(), this);
            this.running = running;
            this.most = most;
            this.ended = ended;
        }

        @Override
        public boolean begin(Actions actions) {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            Thread.yield();
            running.decrementAndGet();
            ended.incrementAndGet();
            turns.leave(turn, actions);
            return true;
        }

        @Override
        public void withdraw(Actions actions) {
            ended.incrementAndGet();
        }
    }

    @Test
    void manyThreadsKeepTheBoundAndLoseNoTurn() throws InterruptedException {
        int max = 2;
        int each = 5_000;
        var turns = turns(max);
        var running = new AtomicInteger();
        var most = new AtomicInteger();
        var ended = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            int endpoint = t % 3;
            var thread = new Thread(() -> {
                for (int i = 0; i < each; i++) {
                    var call = new ShortCall(turns, endpoint, running, most, ended);
                    var actions = new Actions();
                    turns.enter(call.turn, actions);
                    if (i % 100 == 99) {
                        turns.withdrawWaiting(actions);
                    }
                    actions.run();
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(most.get()).isBetween(1, max);
        assertThat(ended.get()).isEqualTo(4 * each);
        assertThat(turns.inFlight()).isZero();
        assertThat(turns.hasWaiting()).isFalse();
    }
}
