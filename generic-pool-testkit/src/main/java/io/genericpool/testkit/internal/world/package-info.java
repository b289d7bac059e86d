/**
 * What goes on around a pool under test: time, threads, what was asked of the pool, and what its listener heard. Not
 * exported.
 */
@NullMarked
package io.genericpool.testkit.internal.world;

import org.jspecify.annotations.NullMarked;
