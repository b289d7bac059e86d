/**
 * Plain TCP, TLS and Unix-domain socket connections for the pool. The managers are
 * {@link io.genericpool.tcp.TcpConnectionManager}, {@link io.genericpool.tcp.TlsConnectionManager} and
 * {@link io.genericpool.tcp.UnixSocketConnectionManager}. They lend {@link io.genericpool.tcp.SocketConnection}s with
 * blocking streams. The {@code buildAsync} method of their builders creates managers that lend
 * {@link io.genericpool.tcp.AsyncSocketConnection}s.
 */
@NullMarked
package io.genericpool.tcp;

import org.jspecify.annotations.NullMarked;
