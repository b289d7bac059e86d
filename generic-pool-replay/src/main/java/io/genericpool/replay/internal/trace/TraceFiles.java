package io.genericpool.replay.internal.trace;

import io.genericpool.replay.recording.Knobs;
import io.genericpool.support.Nanos;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** Writes blocks into files that take turns: when one is full the next begins, and the oldest goes. By one thread at a time. */
final class TraceFiles {
    private final Path folder;
    private final String stem;
    private final String pool;
    private final Knobs knobs;
    private final long maxBytes;
    private final int maxFiles;
    private final Deque<Path> kept = new ArrayDeque<>();
    private final BitSet told = new BitSet();

    private @Nullable DataOutputStream out;
    private long written;
    private int number;

    TraceFiles(Path folder, String stem, String pool, Knobs knobs, long maxBytes, int maxFiles) {
        this.folder = folder;
        this.stem = stem;
        this.pool = pool;
        this.knobs = knobs;
        this.maxBytes = maxBytes;
        this.maxFiles = maxFiles;
    }

    List<Path> kept() {
        return List.copyOf(kept);
    }

    /** Whether the present file has told of an endpoint already; if not, the caller tells it now. */
    boolean isNews(int endpoint) {
        if (told.get(endpoint)) {
            return false;
        }
        told.set(endpoint);
        return true;
    }

    /** Ends the present file when it is full, and begins the next where there is none. Before a block is put together. */
    void prepare() throws IOException {
        if (out != null && written >= maxBytes) {
            end(0, 0);
        }
        if (out == null) {
            begin();
        }
    }

    private void begin() throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(String.format(Locale.ROOT, "%s-%06d%s", stem, ++number, TraceFormat.SUFFIX));
        kept.add(file);
        while (kept.size() > maxFiles) {
            Files.deleteIfExists(kept.remove());
        }
        var header = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)));
        out = header;
        told.clear();
        header.write(TraceFormat.MAGIC);
        header.writeShort(TraceFormat.VERSION);
        header.writeUTF(pool);
        for (long value : values(knobs)) {
            header.writeLong(value);
        }
        written = header.size();
    }

    private static long[] values(Knobs knobs) {
        return new long[] {
            knobs.maxSize(),
            knobs.totalMaxSize(),
            knobs.minIdle(),
            knobs.maxWaiters(),
            knobs.maxConnectsPerEndpoint(),
            Nanos.of(knobs.acquireTimeout()),
            Nanos.of(knobs.connectTimeout()),
            Nanos.of(knobs.idleTimeout()),
            Nanos.of(knobs.maxLifetime())
        };
    }

    void write(Block block) throws IOException {
        DataOutputStream to = out;
        if (to == null || block.isEmpty()) {
            return;
        }
        var crc = new CRC32();
        crc.update(block.bytes(), 0, block.length());
        to.writeByte(TraceFormat.BLOCK);
        to.writeInt(block.length());
        to.writeInt((int) crc.getValue());
        to.write(block.bytes(), 0, block.length());
        to.flush();
        written += block.length() + 9L;
    }

    /** Closes the present file as it is, without an end. Has no effect when it was ended. */
    void abandon() {
        DataOutputStream to = out;
        if (to != null) {
            out = null;
            try {
                to.close();
            } catch (IOException e) {
                // What failed before has been told, and this is its consequence.
            }
        }
    }

    void end(long dropped, long openLeases) throws IOException {
        DataOutputStream to = out;
        if (to != null) {
            out = null;
            try (to) {
                to.writeByte(TraceFormat.END);
                to.writeLong(dropped);
                to.writeLong(openLeases);
            }
        }
    }
}
