/** Where pools come from: {@link io.genericpool.core.ConnectionPools}. */
@NullMarked
package io.genericpool.core;

import org.jspecify.annotations.NullMarked;
