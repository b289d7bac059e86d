package io.genericpool.replay;

import io.genericpool.replay.recording.Knobs;
import io.genericpool.replay.recording.Waits;

/**
 * What came of a replay.
 *
 * @param knobs the knobs it had
 * @param waits how long its acquires waited
 * @param timedOut how many acquires timed out
 * @param failed how many acquires failed otherwise
 * @param opened how many connections were opened
 * @param connectsFailed how many connection attempts failed
 * @param mostOpen the most connections that were open at once
 * @param meanOpen the connections that were open on average
 */
public record ReplayResult(
        Knobs knobs,
        Waits waits,
        int timedOut,
        int failed,
        int opened,
        int connectsFailed,
        int mostOpen,
        double meanOpen) {}
