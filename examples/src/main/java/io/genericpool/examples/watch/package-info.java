/** What an operator sees of a pool: metrics, events and the console. */
@NullMarked
package io.genericpool.examples.watch;

import org.jspecify.annotations.NullMarked;
