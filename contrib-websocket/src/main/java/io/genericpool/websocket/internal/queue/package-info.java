/**
 * What one connection has received and is to send, by epochs: those of its leases. How a connection ended. Not exported.
 */
@NullMarked
package io.genericpool.websocket.internal.queue;

import org.jspecify.annotations.NullMarked;
