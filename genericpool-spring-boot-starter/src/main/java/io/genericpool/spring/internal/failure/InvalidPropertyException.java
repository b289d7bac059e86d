package io.genericpool.spring.internal.failure;

import org.jspecify.annotations.Nullable;

/** A property whose value the pool cannot use. Its failure analysis names the value and what to write instead. */
public final class InvalidPropertyException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String property;
    /** Fit for a log: never a secret. Null when the property is missing. */
    private final @Nullable String value;

    private final String reason;
    private final String remedy;

    public InvalidPropertyException(String property, @Nullable String value, String reason, String remedy) {
        super(property + " is " + (value == null ? "missing" : "'" + value + "'") + ": " + reason);
        this.property = property;
        this.value = value;
        this.reason = reason;
        this.remedy = remedy;
    }

    String property() {
        return property;
    }

    @Nullable
    String value() {
        return value;
    }

    String reason() {
        return reason;
    }

    String remedy() {
        return remedy;
    }
}
