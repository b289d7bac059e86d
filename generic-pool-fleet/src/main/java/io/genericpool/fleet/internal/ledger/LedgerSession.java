package io.genericpool.fleet.internal.ledger;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;

/** One session, as the ledger knows it. */
final class LedgerSession {
    static final Comparator<LedgerSession> BY_EXPIRY =
            Comparator.comparingLong((LedgerSession s) -> s.expiresAt).thenComparing(s -> s.id);

    final String id;
    final Map<String, Entry> entries = new HashMap<>();
    /** Since the beginning of the ledger's time, so that no comparison wraps. */
    long expiresAt;
    /** The lease that it asked for last. */
    long lease;

    long sequence;
    long sum;

    LedgerSession(String id) {
        this.id = id;
    }
}
