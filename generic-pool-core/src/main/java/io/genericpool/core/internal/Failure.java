package io.genericpool.core.internal;

import org.jspecify.annotations.Nullable;

/**
 * Why a request failed, decided under a lock; the exception is made from it by the requester, whose stack it should show.
 */
final class Failure {
    enum Kind {
        CREATE,
        CLOSED,
        TOO_MANY_WAITERS,
        SUSPENDED,
        REFUSED,
        TIMEOUT
    }

    final Kind kind;
    final @Nullable Throwable cause;
    /** Nanoseconds until a connect may be tried again; negative when not known. */
    final long retryAfter;
    /** How many connection attempts were abandoned and have not ended; 0 when that is not the reason. */
    final int stuck;

    private Failure(Kind kind, @Nullable Throwable cause, long retryAfter, int stuck) {
        this.kind = kind;
        this.cause = cause;
        this.retryAfter = retryAfter;
        this.stuck = stuck;
    }

    static Failure of(Kind kind) {
        return new Failure(kind, null, -1, 0);
    }

    static Failure create(Throwable cause) {
        return new Failure(Kind.CREATE, cause, -1, 0);
    }

    static Failure refused(@Nullable Throwable cause, long retryAfter) {
        return new Failure(Kind.REFUSED, cause, retryAfter, 0);
    }

    /** Its text holds the label, which is the user's code and must not run under the lock that decides. */
    static Failure clogged(int stuck, long retryAfter) {
        return new Failure(Kind.REFUSED, null, retryAfter, stuck);
    }
}
