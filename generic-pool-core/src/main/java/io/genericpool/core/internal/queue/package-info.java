/**
 * What waits and what is on its way: requests, connects, checks, and what was decided under a lock and is done without it.
 */
@NullMarked
package io.genericpool.core.internal.queue;

import org.jspecify.annotations.NullMarked;
