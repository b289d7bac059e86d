package io.genericpool.websocket.internal.read;

import io.genericpool.websocket.Codec;
import io.genericpool.websocket.Message;
import java.util.Objects;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Hands messages to a subscriber for values; one that cannot be decoded is the last. Called by one thread at a time. */
public final class DecodingSubscriber<T> implements Flow.Subscriber<Message> {
    private final Flow.Subscriber<? super T> values;
    private final Codec<T> codec;
    private Flow.@Nullable Subscription subscription;

    public DecodingSubscriber(Flow.Subscriber<? super T> values, Codec<T> codec) {
        this.values = Objects.requireNonNull(values, "subscriber");
        this.codec = codec;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        values.onSubscribe(given);
    }

    @Override
    public void onNext(Message message) {
        T value;
        try {
            value = codec.decode(message);
        } catch (Throwable e) {
            // First: afterwards nothing more comes, and another reader may take the connection.
            Objects.requireNonNull(subscription, "subscription").cancel();
            values.onError(e);
            return;
        }
        values.onNext(value);
    }

    @Override
    public void onError(Throwable failure) {
        values.onError(failure);
    }

    @Override
    public void onComplete() {
        values.onComplete();
    }
}
