/**
 * The upgrade request and its answer: headers, redirects, proxies, what a connect is busy with. Knows no connections. Not
 * exported.
 */
@NullMarked
package io.genericpool.websocket.internal.handshake;

import org.jspecify.annotations.NullMarked;
