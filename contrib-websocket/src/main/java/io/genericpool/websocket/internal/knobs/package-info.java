/** Reads and checks values; knows no other package of WebSockets. Not exported. */
@NullMarked
package io.genericpool.websocket.internal.knobs;

import org.jspecify.annotations.NullMarked;
