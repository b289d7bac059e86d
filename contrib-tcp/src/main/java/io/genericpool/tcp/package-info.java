/**
 * Plain TCP, TLS and Unix-domain socket connections for the pool: {@link io.genericpool.tcp.TcpConnectionManager},
 * {@link io.genericpool.tcp.TlsConnectionManager} and {@link io.genericpool.tcp.UnixSocketConnectionManager} lend
 * {@link io.genericpool.tcp.SocketConnection}s with blocking streams; what their builders' {@code buildAsync} makes lends
 * {@link io.genericpool.tcp.AsyncSocketConnection}s.
 */
@NullMarked
package io.genericpool.tcp;

import org.jspecify.annotations.NullMarked;
