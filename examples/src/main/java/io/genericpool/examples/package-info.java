/**
 * Examples that run: {@code Quickstart}, and one for each plug-in. The packages below hold what the pages show in short,
 * and what the examples need.
 */
@NullMarked
package io.genericpool.examples;

import org.jspecify.annotations.NullMarked;
