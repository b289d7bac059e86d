package io.genericpool.websocket.internal.knobs;

import io.genericpool.support.Nanos;
import java.time.Duration;

/** Checks what a user sets; the message of the error has its name, its bound and its value. */
public final class Bounds {
    private Bounds() {}

    public static long atLeast(String knob, long value, long bound) {
        if (value < bound) {
            throw new IllegalArgumentException(knob + " must be at least " + bound + ", but is " + value);
        }
        return value;
    }

    public static long within(String knob, long value, long min, long max) {
        if (value > max) {
            throw new IllegalArgumentException(knob + " must be at most " + max + ", but is " + value);
        }
        return atLeast(knob, value, min);
    }

    public static Duration atLeast(String knob, Duration value, Duration bound) {
        if (value.compareTo(bound) < 0) {
            throw new IllegalArgumentException(
                    knob + " must be at least " + Nanos.text(bound) + ", but is " + Nanos.text(value));
        }
        return value;
    }

    public static Duration within(String knob, Duration value, Duration min, Duration max) {
        if (value.compareTo(max) > 0) {
            throw new IllegalArgumentException(
                    knob + " must be at most " + Nanos.text(max) + ", but is " + Nanos.text(value));
        }
        return atLeast(knob, value, min);
    }
}
