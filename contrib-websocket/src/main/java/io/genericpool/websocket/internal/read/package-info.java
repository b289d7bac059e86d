/** Reads messages for users: one after another, until an answer arrives, or as values. Knows no connection. Not exported. */
@NullMarked
package io.genericpool.websocket.internal.read;

import org.jspecify.annotations.NullMarked;
