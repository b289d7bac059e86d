/** Limits that hold for a fleet of processes. */
@NullMarked
package io.genericpool.examples.fleet;

import org.jspecify.annotations.NullMarked;
