package io.genericpool.websocket.internal.session;

import io.genericpool.websocket.Message;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * How the messages of a session's peer are numbered, and how those that were missed are asked for: the application's own
 * functions. Immutable.
 *
 * @param key which of several rows of numbers a message belongs to
 * @param number its number, negative for none
 * @param request what to send, given the last number of each row
 * @param startsAnew whether a row begins anew with a message; null to let the numbers tell
 */
public record Numbering(
        Function<Message, ? extends @Nullable Object> key,
        ToLongFunction<Message> number,
        Function<Map<Object, Long>, List<Message>> request,
        @Nullable Predicate<Message> startsAnew) {
    /** The key of a session's only row. */
    static final Object ONLY = new Object();

    public static Numbering single(ToLongFunction<Message> number, LongFunction<List<Message>> request) {
        return new Numbering(message -> ONLY, number, last -> request.apply(onlyOf(last)), null);
    }

    @SuppressWarnings("unchecked") // the keys are those that the key function has given
    public static <K> Numbering keyed(
            Function<Message, ? extends @Nullable K> key,
            ToLongFunction<Message> number,
            Function<Map<K, Long>, List<Message>> request) {
        return new Numbering(key, number, last -> request.apply((Map<K, Long>) last), null);
    }

    private static long onlyOf(Map<Object, Long> last) {
        return Objects.requireNonNull(last.get(ONLY), "last number");
    }

    public Numbering startsAnewWhen(Predicate<Message> condition) {
        return new Numbering(key, number, request, condition);
    }
}
