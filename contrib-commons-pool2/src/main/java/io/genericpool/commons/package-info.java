/**
 * Commons Pool 2 in both directions. {@link io.genericpool.commons.KeyedObjectPoolView} and
 * {@link io.genericpool.commons.ObjectPoolView} let code for its interfaces run on this pool.
 * {@link io.genericpool.commons.FactoryConnectionManager} lets its factories open this pool's connections.
 * {@link io.genericpool.commons.CommonsPools} is the entry point for both.
 */
@NullMarked
package io.genericpool.commons;

import org.jspecify.annotations.NullMarked;
