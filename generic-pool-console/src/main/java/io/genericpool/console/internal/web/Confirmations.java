package io.genericpool.console.internal.web;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Changes that wait for the second yes. Each has a code that is good for one minute and once. Thread-safe. */
final class Confirmations {
    private static final int MOST = 64;
    private static final long GOOD_FOR = TimeUnit.MINUTES.toNanos(1);

    private final LongSupplier nanos;
    private final Map<String, Waiting> waiting = new LinkedHashMap<>();

    private record Waiting(Change change, long since) {}

    Confirmations(LongSupplier nanos) {
        this.nanos = nanos;
    }

    synchronized String add(Change change) {
        if (waiting.size() >= MOST) {
            waiting.remove(waiting.keySet().iterator().next());
        }
        String code = Sessions.newSecret();
        waiting.put(code, new Waiting(change, nanos.getAsLong()));
        return code;
    }

    synchronized Optional<Change> take(String code) {
        long now = nanos.getAsLong();
        waiting.values().removeIf(each -> now - each.since > GOOD_FOR);
        return Optional.ofNullable(waiting.remove(code)).map(Waiting::change);
    }
}
