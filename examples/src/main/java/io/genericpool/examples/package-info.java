/** Examples: each class shows one thing; {@code Quickstart} runs them together. */
@NullMarked
package io.genericpool.examples;

import org.jspecify.annotations.NullMarked;
