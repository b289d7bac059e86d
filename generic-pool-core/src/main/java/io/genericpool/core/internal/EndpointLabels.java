package io.genericpool.core.internal;

import io.genericpool.support.SafeText;
import java.util.function.Function;

/**
 * Names endpoints for people, in errors, logs, events and statistics: the one place where the text of an endpoint enters them.
 * It never throws, is at most {@value SafeText#LABEL} characters long, and has no line ends.
 */
final class EndpointLabels<E> {
    private final Function<? super E, String> function;

    EndpointLabels(Function<? super E, String> function) {
        this.function = function;
    }

    /** Never the endpoint's {@code toString()} when the user has given a function. Not called under a lock. */
    String of(E endpoint) {
        try {
            String label = function.apply(endpoint);
            return label == null ? "?" : SafeText.clean(label, SafeText.LABEL);
        } catch (Throwable e) {
            return "? (endpointLabel failed: " + e.getClass().getName() + ")";
        }
    }
}
