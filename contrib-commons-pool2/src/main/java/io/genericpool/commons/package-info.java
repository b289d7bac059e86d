/**
 * Commons Pool 2 both ways. {@link io.genericpool.commons.KeyedObjectPoolView} and
 * {@link io.genericpool.commons.ObjectPoolView} let code that was written to its interfaces run on this pool;
 * {@link io.genericpool.commons.FactoryConnectionManager} lets its factories make this pool's connections.
 * {@link io.genericpool.commons.CommonsPools} is the way to both.
 */
@NullMarked
package io.genericpool.commons;

import org.jspecify.annotations.NullMarked;
