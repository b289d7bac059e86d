/** What it costs and brings that threads which run may overtake those that must be woken first. */
@NullMarked
package io.genericpool.benchmarks.overtake;

import org.jspecify.annotations.NullMarked;
