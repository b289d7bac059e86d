package io.genericpool.spring.internal.failure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Tells which database a start with {@code fail-fast} could not reach. */
final class UnreachableDatabaseFailureAnalyzer extends AbstractFailureAnalyzer<UnreachableDatabaseException> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, UnreachableDatabaseException cause) {
        String prefix = cause.prefix();
        String repair = cause.isGroup()
                ? "Start a member of the group, or correct '" + prefix + ".members' and '.role'."
                : "Start the database, or correct '" + prefix + ".url', '.username' and '.password'.";
        return new FailureAnalysis(
                "The property 'genericpool.jdbc.fail-fast' has the value 'true', and " + cause.getMessage(),
                repair + " Write '" + prefix
                        + ".required: false' when the application works without it, or 'genericpool.jdbc.fail-fast:"
                        + " false' to start without any database.",
                cause);
    }
}
