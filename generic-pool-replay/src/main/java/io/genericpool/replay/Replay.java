package io.genericpool.replay;

import io.genericpool.replay.internal.engine.Load;
import io.genericpool.replay.internal.engine.Run;
import io.genericpool.replay.recording.Knobs;
import io.genericpool.replay.recording.Recording;
import io.genericpool.replay.recording.Waits;
import java.util.Objects;
import java.util.function.IntConsumer;

/**
 * Replays a recording with other knobs. The engine is the real one, on a clock of its own: hours pass in seconds, and the same
 * replay gives the same result. Not thread-safe, but several may run at once.
 *
 * <p>Requests come when they came in the recording, whatever the waits are. Use {@link #closedLoop} for a load of threads that
 * each ask again only after their last lease has ended.
 */
public final class Replay {
    private final Load load;
    private boolean isClosedLoop;
    private IntConsumer progress = ended -> {};

    /**
     * Prepares replays of a recording.
     *
     * @param recording the recording
     */
    public Replay(Recording recording) {
        load = new Load(Objects.requireNonNull(recording, "recording"));
    }

    /**
     * The recording that is replayed.
     *
     * @return the recording
     */
    public Recording recording() {
        return load.recording();
    }

    /**
     * Sets whether a thread's next request comes as long after its last lease as in the recording, instead of at the recorded
     * time.
     *
     * @param value true for a closed loop
     * @return this
     * @throws IllegalArgumentException when more than 2 % of the recording's acquires were asked for before the last lease of
     *     their thread had ended
     */
    public Replay closedLoop(boolean value) {
        if (value && !load.isClosedLoopPossible()) {
            throw new IllegalArgumentException(
                    "this recording is no closed loop: its threads ask again before their leases have ended");
        }
        isClosedLoop = value;
        return this;
    }

    /**
     * Sets what is told now and then how many acquires have ended.
     *
     * @param value takes the number
     * @return this
     */
    public Replay progress(IntConsumer value) {
        progress = Objects.requireNonNull(value, "progress");
        return this;
    }

    /**
     * Replays once.
     *
     * @param knobs the knobs of the pool
     * @return what came of it
     * @throws IllegalArgumentException when the knobs contradict each other
     */
    public ReplayResult run(Knobs knobs) {
        Run.Result result = new Run(load, knobs, isClosedLoop, progress).run();
        return new ReplayResult(
                knobs,
                Waits.of(result.waits(), result.refused()),
                result.timedOut(),
                result.failed(),
                result.opened(),
                result.connectsFailed(),
                result.mostOpen(),
                result.meanOpen());
    }
}
