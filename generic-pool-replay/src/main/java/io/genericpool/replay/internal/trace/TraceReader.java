package io.genericpool.replay.internal.trace;

import io.genericpool.replay.recording.Knobs;
import io.genericpool.replay.recording.Recording;
import io.genericpool.replay.recording.RecordingBuilder;
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
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** Reads traces. What it does not understand it refuses, with the file and the place. */
public final class TraceReader {
    private static final int MOST_BYTES = 1 << 28;
    private static final Pattern NAME = Pattern.compile("(.*)-(\\d{1,9})" + Pattern.quote(TraceFormat.SUFFIX));
    private static final String WHAT_TO_DO =
            "; move those of each recorder into a folder of their own, remove the older ones, or name one file";

    private final Path file;
    private final boolean isLenient;
    private final boolean isLast;
    private final Map<Integer, Integer> places = new HashMap<>();
    private @Nullable RecordingBuilder builder;
    private @Nullable String pool;

    private TraceReader(Path file, boolean isLenient, boolean isLast, @Nullable String pool) {
        this.file = file;
        this.isLenient = isLenient;
        this.isLast = isLast;
        this.pool = pool;
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
                    .sorted(Comparator.comparing(TraceReader::stem).thenComparingInt(TraceReader::number))
                    .toList();
        }
    }

    /** What the names of all files of one recorder begin with. */
    private static String stem(Path file) {
        String name = String.valueOf(file.getFileName());
        Matcher found = NAME.matcher(name);
        return found.matches() ? found.group(1) : name;
    }

    private static int number(Path file) {
        Matcher found = NAME.matcher(String.valueOf(file.getFileName()));
        return found.matches() ? Integer.parseInt(found.group(2)) : 0;
    }

    /**
     * Reads the files of one recorder.
     *
     * @param files in the order in which they were written
     * @param isLenient takes what is whole of a truncated file
     */
    public static Recording read(List<Path> files, boolean isLenient) throws IOException {
        List<String> stems = files.stream().map(TraceReader::stem).distinct().toList();
        if (stems.size() > 1) {
            throw new RecordingException("the folder " + files.get(0).getParent() + " has traces of several recorders, "
                    + stems + WHAT_TO_DO);
        }
        RecordingBuilder builder = null;
        String pool = null;
        for (int i = 0; i < files.size(); i++) {
            var reader = new TraceReader(files.get(i), isLenient, i == files.size() - 1, pool);
            builder = reader.readInto(builder);
            pool = reader.pool;
        }
        if (builder == null) {
            throw new RecordingException("there is no trace to read");
        }
        return builder.build();
    }

    private RecordingBuilder readInto(@Nullable RecordingBuilder before) throws IOException {
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

    private RecordingBuilder readAfterMagic(DataInputStream in, @Nullable RecordingBuilder before) throws IOException {
        int version = in.readUnsignedShort();
        if (version != TraceFormat.VERSION) {
            throw new RecordingException(
                    file + " is a trace of version " + version + "; this program reads version " + TraceFormat.VERSION);
        }
        String name = in.readUTF();
        Knobs knobs = knobs(in);
        RecordingBuilder into = before == null ? new RecordingBuilder(name) : before;
        if (pool != null && !pool.equals(name)) {
            throw new RecordingException("the folder " + file.getParent() + " has traces of the pools " + pool + " and "
                    + name + ", all named " + stem(file) + WHAT_TO_DO);
        }
        pool = name;
        builder = into;
        into.knobs(knobs);
        for (int kind = in.readUnsignedByte(); kind != TraceFormat.END; kind = in.readUnsignedByte()) {
            if (kind != TraceFormat.BLOCK) {
                throw damaged();
            }
            readBlock(in, into);
        }
        into.dropped(in.readLong());
        long openLeases = in.readLong();
        if (isLast) {
            into.openLeases(openLeases);
        }
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

    private void readBlock(DataInputStream in, RecordingBuilder into) throws IOException {
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

        void readInto(RecordingBuilder into) {
            try {
                while (at < bytes.length) {
                    readEvent(into);
                }
            } catch (IndexOutOfBoundsException e) {
                throw damaged();
            }
        }

        private void readEvent(RecordingBuilder into) {
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
