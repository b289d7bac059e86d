/** The permits of the whole pool: who holds them, who wants them, and whose turn it is. */
@NullMarked
package io.genericpool.core.internal.capacity;

import org.jspecify.annotations.NullMarked;
