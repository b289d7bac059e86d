/** What a recording holds. */
@NullMarked
package io.genericpool.replay.recording;

import org.jspecify.annotations.NullMarked;
