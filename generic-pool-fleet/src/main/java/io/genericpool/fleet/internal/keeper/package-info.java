/** Keeps the shares of one pool: what it tells the engine, and what it tells the pool. */
@NullMarked
package io.genericpool.fleet.internal.keeper;

import org.jspecify.annotations.NullMarked;
