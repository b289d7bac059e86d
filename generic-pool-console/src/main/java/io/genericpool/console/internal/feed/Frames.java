package io.genericpool.console.internal.feed;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

/**
 * Writes frames as server-sent events. JSON escapes what ends a line, so an event has one line of data, whatever a label
 * holds. A row is an array of numbers that starts with its id; labels are sent once.
 */
public final class Frames {
    private static final JsonFactory JSON = new JsonFactory();

    private Frames() {}

    /** What the JSON of an event consists of. */
    @FunctionalInterface
    public interface Body {
        void write(JsonGenerator json) throws IOException;
    }

    /** An event with an object as its data. */
    public static byte[] event(String name, Body body) {
        var bytes = new ByteArrayOutputStream(1024);
        bytes.writeBytes(("event: " + name + "\ndata: ").getBytes(StandardCharsets.US_ASCII));
        bytes.writeBytes(object(body));
        bytes.writeBytes(new byte[] {'\n', '\n'});
        return bytes.toByteArray();
    }

    /** An object as JSON in UTF-8. */
    public static byte[] object(Body body) {
        var bytes = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            body.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to memory", e);
        }
        return bytes.toByteArray();
    }

    /** All there is, for a reader that knows nothing. */
    static byte[] full(long now, Collection<PoolFeed<?>> pools) {
        return event("full", json -> write(json, now, pools, true));
    }

    /** What has changed since the last frame, which then counts as sent. */
    static byte[] delta(long now, Collection<PoolFeed<?>> pools) {
        byte[] frame = event("delta", json -> write(json, now, pools, false));
        pools.forEach(PoolFeed::markSent);
        return frame;
    }

    private static void write(JsonGenerator json, long now, Collection<PoolFeed<?>> pools, boolean full)
            throws IOException {
        json.writeNumberField("now", now);
        json.writeArrayFieldStart("pools");
        for (PoolFeed<?> pool : pools) {
            json.writeStartObject();
            writePool(json, pool, full);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static <E> void writePool(JsonGenerator json, PoolFeed<E> pool, boolean full) throws IOException {
        json.writeBooleanField("closed", pool.closed);
        json.writeStringField("error", pool.error);
        json.writeStringField("fleetFailure", pool.fleetFailure);
        writeNumbers(json, "sums", pool.sums);
        if (full) {
            json.writeStringField("name", pool.name);
            json.writeBooleanField("hasEvents", pool.activity != null);
            json.writeBooleanField("hasWaits", pool.activity != null && pool.activity.timesWaits);
            json.writeArrayFieldStart("history");
            for (long[] point : pool.history.points()) {
                json.writeArray(point, 0, point.length);
            }
            json.writeEndArray();
        } else {
            writeNumbers(json, "point", pool.history.last());
            json.writeArrayFieldStart("gone");
            for (int id : pool.gone) {
                json.writeNumber(id);
            }
            json.writeEndArray();
        }
        writeRows(json, pool.rows.values(), full);
        if (full || pool.groups.changed) {
            writeGroups(json, pool.groups.lines);
        }
        writeJournal(json, pool, full);
    }

    private static <E> void writeRows(JsonGenerator json, Collection<Row<E>> rows, boolean full) throws IOException {
        writeEach(json, "labels", rows, row -> full || row.fresh, row -> json.writeString(row.label));
        writeEach(json, "rows", rows, row -> full || row.changed, row -> {
            for (long value : row.values) {
                json.writeNumber(value);
            }
        });
        writeEach(json, "texts", rows, row -> full ? row.hasTexts() : row.textChanged, row -> {
            json.writeString(row.holder);
            json.writeString(row.lastFailure);
        });
    }

    @FunctionalInterface
    private interface RowBody<E> {
        void write(Row<E> row) throws IOException;
    }

    private static <E> void writeEach(
            JsonGenerator json, String field, Collection<Row<E>> rows, Predicate<Row<E>> which, RowBody<E> body)
            throws IOException {
        json.writeArrayFieldStart(field);
        for (Row<E> row : rows) {
            if (which.test(row)) {
                json.writeStartArray();
                json.writeNumber(row.id);
                body.write(row);
                json.writeEndArray();
            }
        }
        json.writeEndArray();
    }

    private static void writeGroups(JsonGenerator json, List<Groups.Line> groups) throws IOException {
        json.writeArrayFieldStart("groups");
        for (Groups.Line group : groups) {
            json.writeStartObject();
            json.writeStringField("name", group.name());
            json.writeNumberField("spillOvers", group.spillOvers());
            json.writeNumberField("hedges", group.hedges());
            json.writeNumberField("rankingFailures", group.rankingFailures());
            json.writeArrayFieldStart("members");
            for (Groups.Member member : group.members()) {
                json.writeStartArray();
                json.writeString(member.label());
                json.writeNumber(member.leases());
                json.writeNumber(member.perSecond());
                json.writeEndArray();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void writeJournal(JsonGenerator json, PoolFeed<?> pool, boolean full) throws IOException {
        if (pool.activity == null) {
            return;
        }
        List<Journal.Entry> entries = pool.activity.journal.after(full ? 0 : pool.journalSent);
        json.writeArrayFieldStart("events");
        for (Journal.Entry entry : entries) {
            json.writeStartArray();
            json.writeNumber(entry.number());
            json.writeNumber(entry.at());
            json.writeString(entry.kind());
            json.writeString(entry.label());
            json.writeString(entry.text());
            json.writeEndArray();
        }
        json.writeEndArray();
        if (!full && !entries.isEmpty()) {
            pool.journalSent = entries.get(entries.size() - 1).number();
        }
    }

    private static void writeNumbers(JsonGenerator json, String field, long[] numbers) throws IOException {
        json.writeFieldName(field);
        json.writeArray(numbers, 0, numbers.length);
    }
}
