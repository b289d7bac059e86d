/**
 * From an endpoint to a connected socket: lookups, the race between addresses, proxies, the TLS handshake. Knows
 * {@code internal.wire} and none of the managers. Not exported.
 */
@NullMarked
package io.genericpool.tcp.internal.connect;

import org.jspecify.annotations.NullMarked;
