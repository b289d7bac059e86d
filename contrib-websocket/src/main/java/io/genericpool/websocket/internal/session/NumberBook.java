package io.genericpool.websocket.internal.session;

import io.genericpool.websocket.Message;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rows of numbers of one session. Decides which messages are new, and during a replacement when the new connection has
 * taken over. Only the session's thread comes here.
 */
final class NumberBook {
    /** Rows beyond this number displace the one that was used longest ago. */
    static final int MAX_ROWS = 10_000;

    private final Numbering numbering;
    private final SessionCalls calls;
    private final Map<Object, NumberTrack> tracks = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, NumberTrack> eldest) {
            return size() > MAX_ROWS;
        }
    };

    // Of the present replacement.
    private boolean replacing;
    private final Map<Object, Long> firstOfNew = new LinkedHashMap<>();
    private final Set<Object> behind = new HashSet<>();

    NumberBook(Numbering numbering, SessionCalls calls) {
        this.numbering = numbering;
        this.calls = calls;
    }

    /** Another connection begins. Returns what to send on it, so that what was missed is sent again. */
    List<Message> reconnect() {
        var last = new LinkedHashMap<Object, Long>();
        tracks.forEach((key, track) -> {
            long after = track.reconnect();
            if (after >= 0) {
                last.put(key, after);
            }
        });
        if (last.isEmpty()) {
            return List.of();
        }
        return calls.ask(
                "request of replay",
                () -> List.copyOf(numbering.request().apply(Collections.unmodifiableMap(last))),
                List.of());
    }

    /** Until {@link #endReplacement}, messages of two connections are told apart. */
    void beginReplacement() {
        replacing = true;
        firstOfNew.clear();
        behind.clear();
        behind.addAll(tracks.keySet());
    }

    /** Whether the new connection has delivered every row, and the old one all that came before. */
    boolean hasTakenOver() {
        return !firstOfNew.isEmpty() && behind.isEmpty();
    }

    void endReplacement() {
        replacing = false;
        firstOfNew.clear();
        behind.clear();
        List.copyOf(tracks.values()).forEach(NumberTrack::tellGaps);
    }

    /** A message of the present connection. Returns whether it is to be handed on. */
    boolean accept(Message message) {
        long number = numberOf(message);
        Object key = number < 0 ? null : keyOf(message);
        if (key == null) {
            return true;
        }
        NumberTrack track = track(key);
        if (replacing && firstOfNew.putIfAbsent(key, number) == null) {
            if (track.leavesOut(number)) {
                behind.add(key);
            } else {
                behind.remove(key);
            }
        }
        boolean userDecides = numbering.startsAnew() != null;
        if (userDecides && number <= track.last() && startsAnew(message)) {
            track.beginAnew(number, message.hashCode());
            return true;
        }
        return track.accept(number, message.hashCode(), !replacing, !userDecides);
    }

    /** A message of the connection that is being replaced. */
    boolean acceptFromOld(Message message) {
        long number = numberOf(message);
        Object key = number < 0 ? null : keyOf(message);
        if (key == null) {
            return true;
        }
        NumberTrack track = track(key);
        Long reached = firstOfNew.get(key);
        if (reached == null) {
            behind.add(key);
        } else if (number >= reached && behind.remove(key)) {
            track.forgetUntoldGaps();
        }
        return track.acceptFromOld(number, message.hashCode());
    }

    private NumberTrack track(Object key) {
        return tracks.computeIfAbsent(
                key,
                row -> new NumberTrack(new NumberTrack.Events() {
                    @Override
                    public void gap(long before, long next) {
                        calls.tell("onGap", listener -> listener.onGap(keyFor(row), before, next));
                    }

                    @Override
                    public void filled(long from, long to) {
                        calls.tell("onGapFilled", listener -> listener.onGapFilled(keyFor(row), from, to));
                    }
                }));
    }

    private static @Nullable Object keyFor(Object row) {
        return row == Numbering.ONLY ? null : row;
    }

    private long numberOf(Message message) {
        return calls.ask("extractor of replay", () -> numbering.number().applyAsLong(message), -1L);
    }

    private @Nullable Object keyOf(Message message) {
        return calls.<@Nullable Object>ask(
                "key of replay", () -> numbering.key().apply(message), null);
    }

    private boolean startsAnew(Message message) {
        var condition = numbering.startsAnew();
        return condition != null && calls.ask("startsAnewWhen", () -> condition.test(message), false);
    }
}
