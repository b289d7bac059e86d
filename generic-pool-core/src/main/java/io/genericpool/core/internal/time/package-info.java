/** The time a pool goes by. */
@NullMarked
package io.genericpool.core.internal.time;

import org.jspecify.annotations.NullMarked;
