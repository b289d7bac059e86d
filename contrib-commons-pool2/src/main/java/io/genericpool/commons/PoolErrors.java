package io.genericpool.commons;

import io.genericpool.AcquireInterruptedException;
import io.genericpool.ConnectionCreateException;
import io.genericpool.PoolClosedException;
import io.genericpool.PoolException;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The pool's errors as the interfaces of Commons Pool 2 document them. */
final class PoolErrors {
    private PoolErrors() {}

    static IllegalStateException closed(@Nullable Throwable cause) {
        return new IllegalStateException("the pool is closed", cause);
    }

    static NoSuchElementException none(PoolException e) {
        return new NoSuchElementException(e.getMessage(), e);
    }

    /** A failed acquire; an error of the factory that is no exception is thrown from here. */
    static Exception ofAcquire(PoolException e) {
        if (e instanceof PoolClosedException) {
            return closed(e);
        }
        if (e instanceof AcquireInterruptedException) {
            return interrupted(e);
        }
        if (e instanceof ConnectionCreateException && e.getCause() != null) {
            return ofFactory(e.getCause());
        }
        return none(e);
    }

    /** Who waits in Commons Pool 2 gets the checked exception, which stands for the flag. */
    private static Exception interrupted(PoolException e) {
        var interrupted = new InterruptedException(e.getMessage());
        interrupted.initCause(e);
        Thread.interrupted();
        return interrupted;
    }

    private static Exception ofFactory(Throwable cause) {
        if (cause instanceof ObjectRefusedException) {
            return new NoSuchElementException(cause.getMessage(), cause);
        }
        return checked(cause);
    }

    /** An exception as it is; an error is thrown; what is neither is wrapped. */
    static Exception checked(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        return failure instanceof Exception exception ? exception : new IllegalStateException(failure);
    }
}
