/** The events of a pool and their listener. */
@NullMarked
package io.genericpool.event;

import org.jspecify.annotations.NullMarked;
