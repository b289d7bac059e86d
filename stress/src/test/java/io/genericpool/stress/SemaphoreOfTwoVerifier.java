package io.genericpool.stress;

import java.util.List;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionResult;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.kotlinx.lincheck.execution.HBClock;
import org.jetbrains.kotlinx.lincheck.execution.ResultWithClock;
import org.jetbrains.lincheck.datastructures.verifier.CachedVerifier;

/**
 * Linearizability to a semaphore of two permits, but for one freedom: {@code tryConnection} may come back empty-handed
 * although a permit was free at each instant of the call, if the call overlapped another operation. Alone it must not.
 *
 * <p>Searches an order of all operations that keeps those that did not overlap in their real order. Scenarios are a few
 * operations long, so trying them all is quick. The scenario has a parallel part only.
 */
public final class SemaphoreOfTwoVerifier extends CachedVerifier {
    private static final int PERMITS = 2;

    public SemaphoreOfTwoVerifier(Class<?> sequentialSpecification) {}

    @Override
    public boolean verifyResultsImpl(ExecutionScenario scenario, ExecutionResult results) {
        return new Search(scenario.getParallelExecution(), results.getParallelResultsWithClock()).run();
    }

    private static final class Search {
        private final List<List<Actor>> operations;
        private final List<List<ResultWithClock>> results;
        private final int[] done;
        private final int[] held;

        Search(List<List<Actor>> operations, List<List<ResultWithClock>> results) {
            this.operations = operations;
            this.results = results;
            this.done = new int[operations.size()];
            this.held = new int[operations.size()];
        }

        boolean run() {
            boolean isComplete = true;
            for (int t = 0; t < done.length; t++) {
                if (done[t] == operations.get(t).size()) {
                    continue;
                }
                isComplete = false;
                int change = isNext(t) ? effect(t, done[t]) : NOT_NOW;
                if (change != NOT_NOW) {
                    done[t]++;
                    held[t] += change;
                    if (run()) {
                        return true;
                    }
                    done[t]--;
                    held[t] -= change;
                }
            }
            return isComplete;
        }

        private static final int NOT_NOW = Integer.MIN_VALUE;

        /** Whether everything that had ended before the thread's next operation began is in the order already. */
        private boolean isNext(int t) {
            HBClock clock = clock(t, done[t]);
            for (int other = 0; other < done.length; other++) {
                if (other != t && done[other] < clock.get(other)) {
                    return false;
                }
            }
            return true;
        }

        private HBClock clock(int t, int i) {
            return results.get(t).get(i).getClockOnStart();
        }

        /** How the operation changes what its thread holds; NOT_NOW when its result is impossible in this place. */
        private int effect(int t, int i) {
            boolean isTrue = results.get(t).get(i).getResult().toString().equals("true");
            int leased = 0;
            for (int n : held) {
                leased += n;
            }
            return switch (operations.get(t).get(i).getMethod().getName()) {
                case "tryConnection" ->
                    isTrue ? (leased < PERMITS ? 1 : NOT_NOW) : (leased == PERMITS || overlaps(t, i) ? 0 : NOT_NOW);
                case "release" -> isTrue == held[t] > 0 ? (isTrue ? -1 : 0) : NOT_NOW;
                case "releaseAgain" -> 0;
                default -> throw new IllegalStateException("unknown operation");
            };
        }

        private boolean overlaps(int t, int i) {
            for (int other = 0; other < done.length; other++) {
                for (int j = 0; other != t && j < operations.get(other).size(); j++) {
                    boolean isBefore = clock(t, i).get(other) > j;
                    boolean isAfter = clock(other, j).get(t) > i;
                    if (!isBefore && !isAfter) {
                        return true;
                    }
                }
            }
            return false;
        }
    }
}
