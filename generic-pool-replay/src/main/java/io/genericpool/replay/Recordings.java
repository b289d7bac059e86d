package io.genericpool.replay;

import io.genericpool.replay.internal.flight.FlightReader;
import io.genericpool.replay.internal.trace.TraceReader;
import io.genericpool.replay.recording.Recording;
import io.genericpool.replay.recording.RecordingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads recordings: traces of a {@link PoolRecorder} and flight recordings. */
public final class Recordings {
    private Recordings() {}

    /**
     * Reads a recording: a trace, a folder with the traces of one recorder, or a flight recording.
     *
     * @param file the file or folder
     * @return the recording
     * @throws RecordingException when there is none, or it is truncated, of another version, without acquires, or holds several
     *     pools; or when a folder has traces of several recorders, as after two runs
     */
    public static Recording read(Path file) {
        return read(file, null, false);
    }

    /**
     * Reads a recording as {@link #read(Path)} does.
     *
     * @param file the file or folder
     * @param pool the name of the pool in a flight recording; null when there is only one
     * @param isPartial takes what is whole of a trace that is truncated, as after the end of a process
     * @return the recording
     * @throws RecordingException as above
     */
    public static Recording read(Path file, @Nullable String pool, boolean isPartial) {
        if (!Files.exists(file)) {
            throw new RecordingException("there is no file " + file);
        }
        try {
            if (Files.isDirectory(file)) {
                List<Path> traces = TraceReader.traces(file);
                if (traces.isEmpty()) {
                    throw new RecordingException("the folder " + file + " has no traces");
                }
                return TraceReader.read(traces, isPartial);
            }
            return TraceReader.isTrace(file)
                    ? TraceReader.read(List.of(file), isPartial)
                    : FlightReader.read(file, pool);
        } catch (IOException e) {
            throw new RecordingException(file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
