/** Servers on this machine, so that examples run by themselves. */
@NullMarked
package io.genericpool.examples.server;

import org.jspecify.annotations.NullMarked;
