package io.genericpool.benchmarks;

import io.genericpool.benchmarks.load.Caller;
import io.genericpool.benchmarks.load.CallerKind;
import io.genericpool.benchmarks.load.Callers;
import io.genericpool.benchmarks.load.Endpoints;
import io.genericpool.benchmarks.subject.Opener;
import io.genericpool.benchmarks.subject.Subject;
import io.genericpool.benchmarks.subject.Subjects;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Some callers on one endpoint with eight connections, for all pools in turn, round after round, so that what else runs on
 * the machine hits all alike.
 *
 * @param kind what the callers run on
 * @param callers how many
 * @param holdNanos how long each holds a connection
 */
record WaitingCase(CallerKind kind, int callers, long holdNanos) {
    static final int CONNECTIONS = 8;

    private static final List<String> POOLS = List.of(
            Subjects.OURS,
            Subjects.DIRECT,
            Subjects.COMMONS_FAIR,
            Subjects.STRICT,
            Subjects.LAX,
            Subjects.SEGMENTED,
            Subjects.REACTOR,
            Subjects.SEMAPHORE);

    /** Those that only block. */
    private static final List<String> BLOCKING = List.of(Subjects.COMMONS_FAIR, Subjects.SEMAPHORE);

    /** The pools that can do it, and for which it is a case of its own. */
    List<String> pools() {
        return kind == CallerKind.ASYNC
                ? POOLS.stream().filter(pool -> !BLOCKING.contains(pool)).toList()
                : POOLS.stream().filter(pool -> !pool.equals(Subjects.DIRECT)).toList();
    }

    Map<String, Rounds> measure(int rounds, long roundNanos) throws Exception {
        String endpoint = Endpoints.shuffled(1)[0];
        var openers = new ArrayList<Opener>();
        var subjects = new ArrayList<Subject<?>>();
        var measured = new LinkedHashMap<String, Rounds>();
        try {
            for (String pool : pools()) {
                var opener = new Opener();
                Subject<?> subject = Subjects.of(pool, CONNECTIONS, CONNECTIONS, opener);
                openers.add(opener);
                subjects.add(subject);
                measured.put(pool, new Rounds());
                subject.fill(endpoint, CONNECTIONS);
                Callers.run(subject, kind, Caller.busy(callers, endpoint, holdNanos), roundNanos); // warms up
            }
            for (int round = 0; round < rounds; round++) {
                for (int i = 0; i < subjects.size(); i++) {
                    measured.get(pools().get(i))
                            .add(Callers.run(
                                    subjects.get(i), kind, Caller.busy(callers, endpoint, holdNanos), roundNanos));
                }
            }
            for (Opener opener : openers) {
                opener.requireWithin(CONNECTIONS, CONNECTIONS);
            }
        } finally {
            for (Subject<?> subject : subjects) {
                subject.close();
            }
        }
        return measured;
    }
}
