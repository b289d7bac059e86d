package io.genericpool.replay.recording;

import io.genericpool.GenericPoolException;
import org.jspecify.annotations.Nullable;

/** A recording cannot be read or replayed: it is truncated, of another version, or holds nothing to replay. */
public final class RecordingException extends GenericPoolException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message the file and what is wrong with it
     * @param cause the cause, or null
     */
    public RecordingException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /**
     * Creates an exception without a cause.
     *
     * @param message the file and what is wrong with it
     */
    public RecordingException(String message) {
        this(message, null);
    }
}
