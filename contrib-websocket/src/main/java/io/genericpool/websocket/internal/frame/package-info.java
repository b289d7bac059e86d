/**
 * Watches the frames of an upgraded socket, between OkHttp and TLS: size limits before memory is taken, pings of our own,
 * inflating with a limit, counters. Not exported.
 */
@NullMarked
package io.genericpool.websocket.internal.frame;

import org.jspecify.annotations.NullMarked;
