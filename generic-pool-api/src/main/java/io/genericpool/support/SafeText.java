package io.genericpool.support;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Text from outside, made fit for a message or a line of a log: labels, endpoints, messages of foreign exceptions. Making it
 * never throws, whatever the foreign {@code toString} or {@code getMessage} does; it is cut to a bound; and what could end a
 * line, hide text or steer a terminal is replaced.
 */
public final class SafeText {
    /** The longest label, in characters. */
    public static final int LABEL = 200;

    /** The longest message, in characters. */
    public static final int MESSAGE = 1_000;

    private static final char REPLACEMENT = '?';
    private static final String CUT = "...";

    private SafeText() {}

    /** The text of an object, at most {@link #LABEL} characters. */
    public static String label(@Nullable Object object) {
        return of(object, LABEL);
    }

    /** The text of an object, at most {@link #MESSAGE} characters. */
    public static String message(@Nullable Object object) {
        return of(object, MESSAGE);
    }

    /** The message of an exception without its type; empty when it has none. */
    public static String messageOf(Throwable failure) {
        try {
            String message = failure.getMessage();
            return message == null ? "" : clean(message, MESSAGE);
        } catch (Throwable broken) {
            return silent(failure, "getMessage", broken);
        }
    }

    /** The text of an object, at most that many characters. */
    public static String of(@Nullable Object object, int max) {
        try {
            return clean(Objects.requireNonNullElse(String.valueOf(object), "null"), max);
        } catch (Throwable broken) {
            return silent(object, "toString", broken);
        }
    }

    private static String silent(@Nullable Object object, String method, Throwable broken) {
        String type = object == null ? "null" : object.getClass().getName();
        return type + " (its " + method + " threw " + broken.getClass().getName() + ")";
    }

    /** The text itself when nothing is wrong with it. */
    public static String clean(String text, int max) {
        int end = Math.min(text.length(), max);
        int dirty = firstUnfit(text, end);
        if (dirty == end && end == text.length()) {
            return text;
        }
        boolean isCut = end < text.length();
        if (isCut) {
            end = Math.max(0, end - CUT.length());
            if (end > 0 && Character.isHighSurrogate(text.charAt(end - 1))) {
                end--;
            }
        }
        var cleaned = new StringBuilder(end + CUT.length());
        for (int i = 0; i < end; ) {
            int code = text.codePointAt(i);
            if (isUnfit(code)) {
                cleaned.append(REPLACEMENT);
            } else {
                cleaned.appendCodePoint(code);
            }
            i += Character.charCount(code);
        }
        return isCut ? cleaned.append(CUT).toString() : cleaned.toString();
    }

    private static int firstUnfit(String text, int end) {
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            // Plain text is the rule; a surrogate is looked at as a pair later.
            if ((c < ' ' || c > '~') && (Character.isSurrogate(c) || isUnfit(c))) {
                return i;
            }
        }
        return end;
    }

    private static boolean isUnfit(int code) {
        return switch (Character.getType(code)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> false;
        };
    }
}
