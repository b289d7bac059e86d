package io.genericpool.fleet.internal.keeper;

import io.genericpool.spi.shared.Batch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One call of the engine, and the lines that it names. Under the keeper's lock. */
final class Call<E> {
    final Batch batch;
    final long sentAt;
    final List<Line<E>> lines;
    Alarms.@Nullable Alarm timeout;

    Call(Batch batch, long sentAt, List<Line<E>> lines) {
        this.batch = batch;
        this.sentAt = sentAt;
        this.lines = lines;
    }
}
