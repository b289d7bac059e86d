package io.genericpool.benchmarks.load;

import java.util.List;
import java.util.function.Predicate;

/**
 * What callers saw in one run.
 *
 * @param callers who they were
 * @param waits how long each of them waited, in the same order
 * @param nanos how long the run took, until the last of them had released
 */
public record Load(List<Caller> callers, List<Waits> waits, long nanos) {
    /** The waits of some of them together. */
    public Waits waits(Predicate<Caller> which) {
        var sum = new Waits();
        for (int i = 0; i < callers.size(); i++) {
            if (which.test(callers.get(i))) {
                sum.add(waits.get(i));
            }
        }
        return sum;
    }

    public Waits all() {
        return waits(caller -> true);
    }

    public double perSecond() {
        return all().count() * 1e9 / nanos;
    }
}
