/** The tasks that {@code Quickstart} runs with and without a pool, and how they did. */
@NullMarked
package io.genericpool.examples.load;

import org.jspecify.annotations.NullMarked;
