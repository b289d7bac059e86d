/**
 * Connected sockets: bytes on the wire and inside TLS, the selector's thread, reads and writes that wait and that do not.
 * Not exported.
 */
@NullMarked
package io.genericpool.tcp.internal.wire;

import org.jspecify.annotations.NullMarked;
