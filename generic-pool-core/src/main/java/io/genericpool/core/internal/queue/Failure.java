package io.genericpool.core.internal.queue;

import org.jspecify.annotations.Nullable;

/**
 * Why a request failed, decided under a lock; the exception is made from it by the requester, whose stack it should show.
 */
public final class Failure {
    public enum Kind {
        CREATE,
        CLOSED,
        TOO_MANY_WAITERS,
        SUSPENDED,
        REFUSED,
        TIMEOUT
    }

    public final Kind kind;
    public final @Nullable Throwable cause;
    /** Nanoseconds until a connect may be tried again; negative when not known. */
    public final long retryAfter;
    /** How many connection attempts were abandoned and have not ended; 0 when that is not the reason. */
    public final int stuck;

    private Failure(Kind kind, @Nullable Throwable cause, long retryAfter, int stuck) {
        this.kind = kind;
        this.cause = cause;
        this.retryAfter = retryAfter;
        this.stuck = stuck;
    }

    public static Failure of(Kind kind) {
        return new Failure(kind, null, -1, 0);
    }

    public static Failure create(Throwable cause) {
        return new Failure(Kind.CREATE, cause, -1, 0);
    }

    public static Failure refused(@Nullable Throwable cause, long retryAfter) {
        return new Failure(Kind.REFUSED, cause, retryAfter, 0);
    }

    /** Its text holds the label, which is the user's code and must not run under the lock that decides. */
    public static Failure clogged(int stuck, long retryAfter) {
        return new Failure(Kind.REFUSED, null, retryAfter, stuck);
    }
}
