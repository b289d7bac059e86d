/** What shows values instead of messages. Not exported. */
@NullMarked
package io.genericpool.websocket.internal.typed;

import org.jspecify.annotations.NullMarked;
