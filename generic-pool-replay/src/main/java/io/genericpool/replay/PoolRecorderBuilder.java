package io.genericpool.replay;

import io.genericpool.replay.internal.trace.TraceWriter;
import io.genericpool.replay.recording.Knobs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Objects;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Builds a {@link PoolRecorder}. Each setter checks its value at once. Not thread-safe. */
public final class PoolRecorderBuilder {
    private static final int HASH_DIGITS = 12;
    private static final String HASH = "HmacSHA256";

    private final Path folder;
    private final byte[] secret = new byte[32];
    private long maxBytes = 256L << 20;
    private int maxFiles = 8;
    private int maxEventsPerSecond = 200_000;
    private int maxBufferedEvents = 32_768;
    private int maxEndpoints = 100_000;
    private boolean hashLabels;

    PoolRecorderBuilder(Path folder) {
        this.folder = Objects.requireNonNull(folder, "folder");
        new SecureRandom().nextBytes(secret);
    }

    private static void requireAtLeast(String name, long bound, long value) {
        if (value < bound) {
            throw new IllegalArgumentException(name + " must be at least " + bound + ", but is " + value);
        }
    }

    /**
     * Sets how many bytes all files of the trace may have together, nearly. The oldest file goes when there are too many.
     * Default: 256 MB.
     *
     * @param value bytes; 65,536 or more
     * @return this
     * @throws IllegalArgumentException when the value is too small
     */
    public PoolRecorderBuilder maxBytes(long value) {
        requireAtLeast("maxBytes", 65_536, value);
        maxBytes = value;
        return this;
    }

    /**
     * Sets the number of files that the trace takes turns with. Default: 8.
     *
     * @param value files; 1 or more
     * @return this
     * @throws IllegalArgumentException when the value is below 1
     */
    public PoolRecorderBuilder maxFiles(int value) {
        requireAtLeast("maxFiles", 1, value);
        maxFiles = value;
        return this;
    }

    /**
     * Sets how many events per second are written. Further ones are left out and counted. Default: 200,000.
     *
     * @param value events per second; 1 or more
     * @return this
     * @throws IllegalArgumentException when the value is below 1
     */
    public PoolRecorderBuilder maxEventsPerSecond(int value) {
        requireAtLeast("maxEventsPerSecond", 1, value);
        maxEventsPerSecond = value;
        return this;
    }

    /**
     * Sets how many events may wait to be written. Each takes 112 bytes of memory, which the recorder holds from its start
     * on. Default: 32,768.
     *
     * @param value events; 256 or more
     * @return this
     * @throws IllegalArgumentException when the value is below 256
     */
    public PoolRecorderBuilder maxBufferedEvents(int value) {
        requireAtLeast("maxBufferedEvents", 256, value);
        maxBufferedEvents = value;
        return this;
    }

    /**
     * Sets how many endpoints the trace tells apart. All further ones are one endpoint in it. Default: 100,000.
     *
     * @param value endpoints; 1 or more
     * @return this
     * @throws IllegalArgumentException when the value is below 1
     */
    public PoolRecorderBuilder maxEndpoints(int value) {
        requireAtLeast("maxEndpoints", 1, value);
        maxEndpoints = value;
        return this;
    }

    /**
     * Sets whether the trace has a hash in place of each endpoint's label. The hash has a secret that no file holds, so a label
     * cannot be found by trying. Default: false.
     *
     * @param value true for hashes
     * @return this
     */
    public PoolRecorderBuilder hashLabels(boolean value) {
        hashLabels = value;
        return this;
    }

    /**
     * Builds the recorder.
     *
     * @param <E> the type of endpoints
     * @return the recorder, which has not started
     */
    public <E> PoolRecorder<E> build() {
        return new PoolRecorder<>(this);
    }

    TraceWriter newWriter(String pool, Knobs knobs) throws IOException {
        String stem = pool.replaceAll("[^A-Za-z0-9_.-]", "_") + "-"
                + LocalDateTime.now(ZoneOffset.UTC)
                        .format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS", Locale.ROOT));
        var bounds = new TraceWriter.Bounds(maxBytes, maxFiles, maxEventsPerSecond, maxBufferedEvents, maxEndpoints);
        return new TraceWriter(folder, stem, pool, knobs, bounds);
    }

    String label(String label) {
        if (!hashLabels) {
            return label;
        }
        try {
            Mac mac = Mac.getInstance(HASH);
            mac.init(new SecretKeySpec(secret, HASH));
            byte[] hash = mac.doFinal(label.getBytes(StandardCharsets.UTF_8));
            return "endpoint-" + HexFormat.of().formatHex(hash).substring(0, HASH_DIGITS);
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("each JDK has " + HASH, e);
        }
    }
}
