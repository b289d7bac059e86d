/** What the WebSocket plug-in costs: {@code WebSocketFigures} measures and prints it. */
@NullMarked
package io.genericpool.benchmarks.websocket;

import org.jspecify.annotations.NullMarked;
