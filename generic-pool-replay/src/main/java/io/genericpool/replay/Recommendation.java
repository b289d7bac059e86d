package io.genericpool.replay;

import java.util.List;
import java.util.Optional;

/**
 * What came of a search.
 *
 * @param goal what was to be reached
 * @param results every replay, in the order of {@code maxSize} where that was searched
 * @param best the one that reaches the goal with the fewest connections; empty when none does
 * @param enough the one with the smallest {@code maxSize} that a larger one does not improve much
 * @param notes what limits the trust in it, as sentences
 */
public record Recommendation(
        Goal goal,
        List<ReplayResult> results,
        Optional<ReplayResult> best,
        Optional<ReplayResult> enough,
        List<String> notes) {}
