/** Reads the events of the engine from a flight recording. */
@NullMarked
package io.genericpool.replay.internal.flight;

import org.jspecify.annotations.NullMarked;
