/** The real engine in virtual time, and what surrounds it there. */
@NullMarked
package io.genericpool.replay.internal.engine;

import org.jspecify.annotations.NullMarked;
