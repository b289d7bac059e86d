package io.genericpool.console.internal.feed;

import io.genericpool.GenericPoolException;
import io.genericpool.support.SafeText;

/** Short texts of what went wrong. */
public final class Texts {
    private static final int LONGEST = 300;

    private Texts() {}

    /** The type and the message of a failure; of the pool's own ones the message alone. */
    public static String of(Throwable failure) {
        String message = SafeText.messageOf(failure);
        if (failure instanceof GenericPoolException && !message.isEmpty()) {
            return SafeText.clean(message, LONGEST); // says what happened by itself
        }
        String type = failure.getClass().getSimpleName();
        return SafeText.clean(message.isEmpty() ? type : type + ": " + message, LONGEST);
    }
}
