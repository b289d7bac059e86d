/** Leases, limits, futures, a manager and a governor of your own, as README.md and docs/concepts.md show them. */
@NullMarked
package io.genericpool.examples.basics;

import org.jspecify.annotations.NullMarked;
