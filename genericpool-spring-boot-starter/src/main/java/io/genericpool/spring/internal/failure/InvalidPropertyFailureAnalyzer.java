package io.genericpool.spring.internal.failure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Tells the property, its value, and what to write instead. */
final class InvalidPropertyFailureAnalyzer extends AbstractFailureAnalyzer<InvalidPropertyException> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidPropertyException cause) {
        String value = cause.value() == null ? "is missing" : "has the value '" + cause.value() + "'";
        return new FailureAnalysis(
                "The property '" + cause.property() + "' " + value + ":\n\n    " + cause.reason(),
                cause.remedy(),
                cause);
    }
}
