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

    private Failure(Kind kind, @Nullable Throwable cause, long retryAfter) {
        this.kind = kind;
        this.cause = cause;
        this.retryAfter = retryAfter;
    }

    static Failure of(Kind kind) {
        return new Failure(kind, null, -1);
    }

    static Failure create(Throwable cause) {
        return new Failure(Kind.CREATE, cause, -1);
    }

    static Failure refused(@Nullable Throwable cause, long retryAfter) {
        return new Failure(Kind.REFUSED, cause, retryAfter);
    }
}
