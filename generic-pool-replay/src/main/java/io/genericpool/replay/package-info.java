/** Records the load of a pool, replays it with other knobs, and recommends some. */
@NullMarked
package io.genericpool.replay;

import org.jspecify.annotations.NullMarked;
