package io.genericpool.micrometer;

import io.genericpool.EndpointStats;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Chooses the endpoints that have a row of their own. An endpoint keeps its row until it leaves the pool, because a row
 * that comes and goes breaks the graphs. Free rows go to the largest endpoints. Called by one thread at a time.
 */
final class EndpointRows {
    /** The row of all endpoints without one of their own. */
    static final String OTHER = "other";

    private static final Comparator<Map.Entry<String, EndpointSums>> LARGEST_FIRST =
            Comparator.<Map.Entry<String, EndpointSums>>comparingLong(
                            entry -> -entry.getValue().size())
                    .thenComparing(Map.Entry::getKey);

    private final int max;
    private Set<String> own = Set.of();

    EndpointRows(int max) {
        this.max = max;
    }

    Map<String, EndpointSums> of(Collection<EndpointStats> endpoints) {
        var byLabel = new HashMap<String, EndpointSums>();
        for (EndpointStats stats : endpoints) {
            byLabel.computeIfAbsent(stats.label(), label -> new EndpointSums()).add(stats);
        }
        own = chosen(byLabel);
        var rows = new HashMap<String, EndpointSums>();
        byLabel.forEach((label, sums) -> {
            if (own.contains(label)) {
                rows.put(label, sums);
            } else {
                rows.computeIfAbsent(OTHER, row -> new EndpointSums()).add(sums);
            }
        });
        return Collections.unmodifiableMap(rows);
    }

    private Set<String> chosen(Map<String, EndpointSums> byLabel) {
        var chosen = new HashSet<>(own);
        chosen.retainAll(byLabel.keySet());
        if (chosen.size() == max || chosen.size() == byLabel.size()) {
            return chosen;
        }
        byLabel.entrySet().stream()
                .filter(entry ->
                        !chosen.contains(entry.getKey()) && !entry.getKey().equals(OTHER))
                .sorted(LARGEST_FIRST)
                .limit(max - chosen.size())
                .map(Map.Entry::getKey)
                .toList()
                .forEach(chosen::add);
        return chosen;
    }
}
