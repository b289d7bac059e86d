/** Recordings and replays of them, beside what really came. */
package io.genericpool.benchmarks.replay;
