package io.genericpool.replay.internal.trace;

import io.genericpool.replay.recording.Knobs;
import io.genericpool.replay.recording.Recording;
import io.genericpool.replay.recording.RecordingException;
import io.genericpool.support.Nanos;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** Reads traces. What it does not understand it refuses, with the file and the place. */
public final class TraceReader {
    private static final int MOST_BYTES = 1 << 28;

    private final Path file;
    private final boolean isLenient;
    private final Map<Integer, Integer> places = new HashMap<>();
    private Recording.@Nullable Builder builder;

    private TraceReader(Path file, boolean isLenient) {
        this.file = file;
        this.isLenient = isLenient;
    }

    /** Whether a file says of itself that it is a trace. */
    public static boolean isTrace(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(TraceFormat.MAGIC.length), TraceFormat.MAGIC);
        }
    }

    /** The traces of a folder, in the order in which they were written. */
    public static List<Path> traces(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(each -> each.toString().endsWith(TraceFormat.SUFFIX))
                    .sorted()
                    .toList();
        }
    }

    /**
     * Reads the files of one recorder.
     *
     * @param isLenient takes what is whole of a truncated file
     */
    public static Recording read(List<Path> files, boolean isLenient) throws IOException {
        Recording.Builder builder = null;
        for (Path file : files) {
            var reader = new TraceReader(file, isLenient);
            builder = reader.readInto(builder);
        }
        if (builder == null) {
            throw new RecordingException("there is no trace to read");
        }
        return builder.build();
    }

    private Recording.Builder readInto(Recording.@Nullable Builder before) throws IOException {
        try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            if (!Arrays.equals(in.readNBytes(TraceFormat.MAGIC.length), TraceFormat.MAGIC)) {
                throw new RecordingException(file + " is no trace of a pool");
            }
            try {
                return readAfterMagic(in, before);
            } catch (EOFException e) {
                if (isLenient && builder != null) {
                    return builder;
                }
                throw new RecordingException(
                        file + " is truncated: it ends after " + Files.size(file)
                                + " bytes, within a block or without an end",
                        e);
            }
        }
    }

    private Recording.Builder readAfterMagic(DataInputStream in, Recording.@Nullable Builder before)
            throws IOException {
        int version = in.readUnsignedShort();
        if (version != TraceFormat.VERSION) {
            throw new RecordingException(
                    file + " is a trace of version " + version + "; this program reads version " + TraceFormat.VERSION);
        }
        String pool = in.readUTF();
        Knobs knobs = knobs(in);
        Recording.Builder into = before == null ? new Recording.Builder(pool) : before;
        builder = into;
        into.knobs(knobs);
        for (int kind = in.readUnsignedByte(); kind != TraceFormat.END; kind = in.readUnsignedByte()) {
            if (kind != TraceFormat.BLOCK) {
                throw damaged();
            }
            readBlock(in, into);
        }
        into.dropped(in.readLong());
        into.openLeases(in.readLong());
        return into;
    }

    private RecordingException damaged() {
        return new RecordingException(file + " is damaged: its bytes are not those that were written");
    }

    private static Knobs knobs(DataInputStream in) throws IOException {
        return new Knobs(
                (int) in.readLong(),
                (int) in.readLong(),
                (int) in.readLong(),
                (int) in.readLong(),
                (int) in.readLong(),
                Nanos.toDuration(in.readLong()),
                Nanos.toDuration(in.readLong()),
                Nanos.toDuration(in.readLong()),
                Nanos.toDuration(in.readLong()));
    }

    private void readBlock(DataInputStream in, Recording.Builder into) throws IOException {
        int length = in.readInt();
        int sum = in.readInt();
        if (length < 0 || length > MOST_BYTES) {
            throw damaged();
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException();
        }
        var crc = new CRC32();
        crc.update(bytes);
        if ((int) crc.getValue() != sum) {
            throw damaged();
        }
        new Events(bytes).readInto(into);
    }

    private final class Events {
        private final byte[] bytes;
        private int at;
        private long time;

        Events(byte[] bytes) {
            this.bytes = bytes;
        }

        void readInto(Recording.Builder into) {
            try {
                while (at < bytes.length) {
                    readEvent(into);
                }
            } catch (IndexOutOfBoundsException e) {
                throw damaged();
            }
        }

        private void readEvent(Recording.Builder into) {
            int kind = (int) number();
            int id = (int) number();
            if (kind == TraceFormat.ENDPOINT) {
                int length = (int) number();
                places.put(id, into.endpoint(new String(bytes, at, length, StandardCharsets.UTF_8)));
                at += length;
                return;
            }
            long difference = number();
            time += (difference >>> 1) ^ -(difference & 1);
            Integer place = places.get(id);
            if (place == null) {
                throw damaged();
            }
            switch (kind) {
                case TraceFormat.LEASE, TraceFormat.INVALIDATED_LEASE -> {
                    long[] times = {number(), number(), number()};
                    into.lease(place, time, times, number(), kind == TraceFormat.INVALIDATED_LEASE);
                }
                case TraceFormat.TIMED_OUT, TraceFormat.FAILED ->
                    into.failure(place, time, number(), number(), kind == TraceFormat.TIMED_OUT);
                case TraceFormat.CONNECTED, TraceFormat.CONNECT_FAILED ->
                    into.connect(place, time, number(), kind == TraceFormat.CONNECTED);
                case TraceFormat.DIED, TraceFormat.EVICTED ->
                    into.death(place, time, number(), kind == TraceFormat.EVICTED);
                default -> throw damaged();
            }
        }

        private long number() {
            long value = 0;
            for (int shift = 0; ; shift += 7) {
                byte next = bytes[at++];
                value |= (long) (next & 0x7f) << shift;
                if (next >= 0) {
                    return value;
                }
            }
        }
    }
}
