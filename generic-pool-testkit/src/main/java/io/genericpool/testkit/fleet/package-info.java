/** For those who write an engine of a fleet's limits, beside the contract suite. */
@NullMarked
package io.genericpool.testkit.fleet;

import org.jspecify.annotations.NullMarked;
