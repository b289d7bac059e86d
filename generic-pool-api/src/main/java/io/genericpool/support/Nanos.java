package io.genericpool.support;

import java.time.Duration;
import java.util.Objects;

/** Times as nanoseconds that can be added to any clock reading without overflow, and times as people write them. */
public final class Nanos {
    /** Longer than any process lives, and small enough that {@code now + FOREVER - now} is right for any two readings. */
    public static final long FOREVER = Long.MAX_VALUE / 2;

    /** What {@link #FOREVER} is as a duration: the longest one there is. */
    public static final Duration NO_LIMIT = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);

    private static final Duration LONGEST = Duration.ofNanos(FOREVER);
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000_000_000;
    private static final long MINUTE = 60 * SECOND;

    private Nanos() {}

    /** The nanoseconds of a duration, at most {@link #FOREVER} and at least its negative. */
    public static long of(Duration duration) {
        if (duration.compareTo(LONGEST) >= 0) {
            return FOREVER;
        }
        return duration.isNegative() && duration.compareTo(LONGEST.negated()) <= 0 ? -FOREVER : duration.toNanos();
    }

    /** The value of a knob that must be more than zero. */
    public static long ofPositive(String name, Duration value) {
        Objects.requireNonNull(value, name);
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(name + " must be more than zero, but is " + text(value));
        }
        return of(value);
    }

    /** The time that a caller gave for waiting: zero or more. */
    public static long ofTimeout(Duration timeout) {
        Objects.requireNonNull(timeout, "timeout");
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("timeout must not be negative, but is " + text(timeout));
        }
        return of(timeout);
    }

    /** The duration of that many nanoseconds; {@link #NO_LIMIT} from {@link #FOREVER} on. */
    public static Duration toDuration(long nanos) {
        return isOff(nanos) ? NO_LIMIT : Duration.ofNanos(nanos);
    }

    /** Whether it is as long as {@link #FOREVER}: no limit. */
    public static boolean isOff(long nanos) {
        return nanos >= FOREVER;
    }

    /** For calls that count in milliseconds and take 0 for ever: rounded up, because 0 would be endless. */
    public static int toMillis(long nanos) {
        if (isOff(nanos)) {
            return 0;
        }
        long millis = nanos / MILLI + (nanos % MILLI == 0 ? 0 : 1);
        return (int) Math.max(1, Math.min(millis, Integer.MAX_VALUE));
    }

    /** The time for messages: {@code 1.5 s} rather than {@code PT1.5S}. */
    public static String text(Duration duration) {
        return text(of(duration));
    }

    /** The time for messages, to three digits: {@code 250 ms}, {@code 1.5 s}, {@code 2 min 30 s}, {@code 1 h 5 min}. */
    public static String text(long nanos) {
        if (isOff(nanos)) {
            return "no limit";
        }
        if (nanos < 0) {
            return "-" + text(-Math.max(nanos, -FOREVER));
        }
        long rounded = nanos >= MINUTE ? nanos : toThreeDigits(nanos);
        if (rounded >= MINUTE) {
            return longText((nanos + SECOND / 2) / SECOND);
        }
        if (rounded >= SECOND) {
            return inUnits(rounded, SECOND, " s");
        }
        if (rounded >= MILLI || rounded == 0) {
            return inUnits(rounded, MILLI, " ms");
        }
        return rounded >= 1_000 ? inUnits(rounded, 1_000, " us") : rounded + " ns";
    }

    private static long toThreeDigits(long nanos) {
        long step = 1;
        while (nanos / step >= 1_000) {
            step *= 10;
        }
        return (nanos + step / 2) / step * step;
    }

    /** Without {@code BigDecimal}: very many errors may be worded at once. */
    private static String inUnits(long nanos, long unit, String name) {
        long rest = nanos % unit;
        if (rest == 0) {
            return nanos / unit + name;
        }
        String digits = Long.toString(unit + rest).substring(1); // with the zeros before the first digit
        int end = digits.length();
        while (digits.charAt(end - 1) == '0') {
            end--;
        }
        return nanos / unit + "." + digits.substring(0, end) + name;
    }

    private static String longText(long seconds) {
        if (seconds < 3_600) {
            return twoUnits(seconds / 60, " min", seconds % 60, " s");
        }
        long minutes = seconds / 60;
        if (minutes < 24 * 60) {
            return twoUnits(minutes / 60, " h", minutes % 60, " min");
        }
        return twoUnits(minutes / (24 * 60), " d", minutes / 60 % 24, " h");
    }

    private static String twoUnits(long large, String largeName, long small, String smallName) {
        return large + largeName + (small == 0 ? "" : " " + small + smallName);
    }
}
