package io.genericpool.commons;

import org.jspecify.annotations.Nullable;

/**
 * A factory's object was not usable: {@code activateObject} failed, or {@code validateObject} returned false or failed.
 * It is the cause of the {@link io.genericpool.ConnectionCreateException} of an acquire. A view takes the next object
 * instead. It throws {@link java.util.NoSuchElementException} when a new object is refused.
 */
public final class ObjectRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Not serialised: it belongs to a pool of this process. Null when the object never joined one. */
    private final transient @Nullable FactoryObject<?> object;

    ObjectRefusedException(String message, @Nullable Throwable cause, @Nullable FactoryObject<?> object) {
        super(message, cause);
        this.object = object;
    }

    @Nullable
    FactoryObject<?> object() {
        return object;
    }
}
