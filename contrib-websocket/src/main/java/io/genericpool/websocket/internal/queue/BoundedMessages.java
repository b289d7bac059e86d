package io.genericpool.websocket.internal.queue;

import io.genericpool.websocket.Message;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The messages of an {@link InboundQueue}, bounded in number and bytes. Used under its lock. */
final class BoundedMessages {
    private final QueueSettings settings;
    private final ArrayDeque<Message> messages = new ArrayDeque<>();
    private long weight;
    private long dropped;

    BoundedMessages(QueueSettings settings) {
        this.settings = settings;
    }

    /** Takes a message in, or drops one as the policy says. */
    Fate offer(Message message, long maxWeight) {
        if (isFullFor(message, maxWeight)) {
            switch (settings.overflowPolicy()) {
                case FAIL -> {
                    dropped++;
                    return Fate.OVERFLOW;
                }
                case DROP_NEWEST -> {
                    dropped++;
                    return Fate.TAKEN;
                }
                case DROP_OLDEST -> dropOldestFor(message, maxWeight);
                case BLOCK -> throw new AssertionError("has waited for room");
            }
        }
        messages.add(message);
        weight += weightOf(message);
        return Fate.TAKEN;
    }

    private void dropOldestFor(Message message, long maxWeight) {
        while (isFullFor(message, maxWeight)) {
            weight -= weightOf(messages.removeFirst());
            dropped++;
        }
    }

    /** An empty queue has room for any message: its size was checked by itself. */
    boolean isFullFor(Message message, long maxWeight) {
        return !messages.isEmpty()
                && (messages.size() >= settings.inboundMessages() || weight + weightOf(message) > maxWeight);
    }

    @Nullable
    Message poll() {
        Message next = messages.poll();
        if (next != null) {
            weight -= weightOf(next);
        }
        return next;
    }

    private long weightOf(Message message) {
        return settings.messages().weight(message);
    }

    int size() {
        return messages.size();
    }

    List<Message> copy() {
        return List.copyOf(messages);
    }

    void dropAll() {
        dropped += messages.size();
        messages.clear();
        weight = 0;
    }

    /** One was dropped that has never been in here. */
    void countDropped() {
        dropped++;
    }

    long dropped() {
        return dropped;
    }
}
