/** The dialogues with a proxy that open a tunnel to an endpoint. Not exported. */
@NullMarked
package io.genericpool.tcp.internal.connect.proxy;

import org.jspecify.annotations.NullMarked;
