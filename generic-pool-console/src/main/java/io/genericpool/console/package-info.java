/**
 * A web page that shows pools live. {@link io.genericpool.console.PoolConsole} serves it, and
 * {@link io.genericpool.console.PoolActivity} records what it shows beyond the statistics.
 */
@NullMarked
package io.genericpool.console;

import org.jspecify.annotations.NullMarked;
