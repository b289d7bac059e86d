/** The command line. */
@NullMarked
package io.genericpool.replay.internal.command;

import org.jspecify.annotations.NullMarked;
