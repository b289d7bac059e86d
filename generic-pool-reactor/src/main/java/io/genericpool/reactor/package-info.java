/** Mono and Flux over any pool, entered through {@link io.genericpool.reactor.ReactorPool}. */
@NullMarked
package io.genericpool.reactor;

import org.jspecify.annotations.NullMarked;
