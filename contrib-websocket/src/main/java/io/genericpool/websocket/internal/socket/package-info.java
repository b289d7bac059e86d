/**
 * Connections over OkHttp: how they are opened, lent, watched and closed. Knows neither pools nor sessions. Not exported.
 */
@NullMarked
package io.genericpool.websocket.internal.socket;

import org.jspecify.annotations.NullMarked;
