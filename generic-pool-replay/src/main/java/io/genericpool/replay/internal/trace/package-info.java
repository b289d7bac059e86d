/** The trace: its format, what writes it and what reads it. */
@NullMarked
package io.genericpool.replay.internal.trace;

import org.jspecify.annotations.NullMarked;
