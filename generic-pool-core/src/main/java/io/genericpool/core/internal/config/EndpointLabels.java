package io.genericpool.core.internal.config;

import io.genericpool.support.SafeText;
import java.util.function.Function;

/**
 * Names endpoints for people, in errors, logs, events and statistics: the one place where the text of an endpoint enters them.
 * It never throws, is at most {@value SafeText#LABEL} characters long, and has no line ends.
 */
public final class EndpointLabels<E> {
    private final Function<? super E, String> function;

    public EndpointLabels(Function<? super E, String> function) {
        this.function = function;
    }

    /** Never the endpoint's {@code toString()} when the user has given a function. Not called under a lock. */
    public String of(E endpoint) {
        try {
            String label = function.apply(endpoint);
            return label == null ? "?" : SafeText.clean(label, SafeText.LABEL);
        } catch (Throwable e) {
            return "? (endpointLabel failed: " + e.getClass().getName() + ")";
        }
    }
}
