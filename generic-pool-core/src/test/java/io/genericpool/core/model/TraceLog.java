package io.genericpool.core.model;

import io.genericpool.DisposeReason;
import java.util.ArrayList;
import java.util.List;

/**
 * What a pool did in one step, as its surroundings saw it: calls of the manager, and outcomes of requests. The model claims
 * what it expects; what nobody has claimed at the end should not have happened. Where the specification leaves the pool a
 * choice, the model looks here for what was chosen.
 */
final class TraceLog {
    enum Kind {
        /** {@code create} began. */
        CREATE,
        /** The governor did not allow a connect, for a time; ok: it refuses, too. */
        GATED,
        /** {@code checkAliveness} began, or, if it is instant, ended: ok says how. */
        CHECK,
        INSTANT_CHECK,
        /** The hooks of a release ended; ok: with a reset under way if there is a call. */
        RELEASE,
        DISPOSE,
        /** A call ended, well or not, with or without a failure. */
        ENDED,
        /** {@code bind} ended. */
        BOUND,
        /** A hook of an acquire threw. */
        ACQUIRE_FAILED,
        /** Another hook threw, which only counts. */
        HOOK_FAILED,
        /** A request ended. */
        OUTCOME,
        /** Who was granted a lease did something at once, where the future told it. */
        CALLBACK
    }

    static final class Entry {
        final Kind kind;
        final int endpoint;
        final int connection;
        int call;
        boolean ok;
        boolean threw;
        boolean died;
        boolean retired;
        long nanos;
        DisposeReason reason;
        Outcome outcome;
        /** What the model does likewise. */
        Runnable step;
        /** What the model takes it for; null while nobody has claimed it. */
        Object owner;

        private Entry(Kind kind, int endpoint, int connection, int call, boolean ok) {
            this.kind = kind;
            this.endpoint = endpoint;
            this.connection = connection;
            this.call = call;
            this.ok = ok;
        }

        @Override
        public String toString() {
            return kind
                    + (endpoint < 0 ? "" : " e" + endpoint)
                    + (connection == 0 ? "" : " c" + connection)
                    + (call == 0 ? "" : kind == Kind.OUTCOME ? " r" + call : " call " + call)
                    + (reason == null ? "" : " " + reason)
                    + (outcome == null ? "" : " " + outcome)
                    + (nanos == 0 ? "" : " " + nanos + " ns")
                    + (ok ? "" : " not ok")
                    + (threw ? " threw" : "")
                    + (died ? " died" : "")
                    + (retired ? " retired" : "");
        }
    }

    final List<Entry> entries = new ArrayList<>();

    Entry add(Kind kind, int endpoint, int connection, int call, boolean ok) {
        var entry = new Entry(kind, endpoint, connection, call, ok);
        entries.add(entry);
        return entry;
    }

    /** Where an unclaimed entry about a connection stands, the end if there is none. */
    int find(Kind kind, int connection, DisposeReason reason) {
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            if (entry.kind == kind
                    && entry.connection == connection
                    && entry.owner == null
                    && (reason == null || entry.reason == reason)) {
                return i;
            }
        }
        return entries.size();
    }

    /** Claims the first unclaimed entry about a connection; null if there is none. */
    Entry claim(Kind kind, int connection, DisposeReason reason, Object owner) {
        int found = find(kind, connection, reason);
        if (found == entries.size()) {
            return null;
        }
        entries.get(found).owner = owner;
        return entries.get(found);
    }

    /** Claims the first connect to an endpoint that nobody has claimed, or the governor's word against it. */
    Entry claimConnect(int endpoint, Object owner) {
        for (Entry entry : entries) {
            if ((entry.kind == Kind.CREATE || entry.kind == Kind.GATED)
                    && entry.endpoint == endpoint
                    && entry.owner == null) {
                entry.owner = owner;
                return entry;
            }
        }
        return null;
    }

    /** How a request ended in this step; null when it did not. */
    Entry outcome(int request) {
        for (Entry entry : entries) {
            if (entry.kind == Kind.OUTCOME && entry.call == request) {
                return entry;
            }
        }
        return null;
    }
}
