/** The entry point for building pools: {@link io.genericpool.core.ConnectionPools}. */
@NullMarked
package io.genericpool.core;

import org.jspecify.annotations.NullMarked;
