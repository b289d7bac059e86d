/** What stands behind a pool of WebSockets and its manager. Not exported. */
@NullMarked
package io.genericpool.websocket.internal.pool;

import org.jspecify.annotations.NullMarked;
