package io.genericpool.core.internal.call;

import io.genericpool.spi.ConnectGovernor.Verdict;

/** Why a connect came to nothing, and what that means for the endpoint. */
final class ConnectFailure {
    final Throwable cause;
    /** The endpoint has too many connections. */
    final boolean isTooMany;
    /** What the governor says of the next connect. */
    final Verdict verdict;

    ConnectFailure(Throwable cause, boolean isTooMany, Verdict verdict) {
        this.cause = cause;
        this.isTooMany = isTooMany;
        this.verdict = verdict;
    }
}
