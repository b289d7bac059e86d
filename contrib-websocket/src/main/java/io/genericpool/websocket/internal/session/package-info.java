/** A session: its thread, what it sends and hands on, and how it replaces its connections. Not exported. */
@NullMarked
package io.genericpool.websocket.internal.session;

import org.jspecify.annotations.NullMarked;
