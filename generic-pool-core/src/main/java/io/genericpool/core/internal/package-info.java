/**
 * The engine. An acquire goes façade ({@link io.genericpool.core.internal.DefaultConnectionPool}), registry, endpoint
 * pool, slot; a release goes back the same way. {@code docs/internals/concurrency.md} says why it is correct.
 */
@NullMarked
package io.genericpool.core.internal;

import org.jspecify.annotations.NullMarked;
