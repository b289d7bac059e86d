/** Pools as JMX shows them. Nothing else in the engine knows the classes of JMX, which may be absent. */
@NullMarked
package io.genericpool.core.internal.jmx;

import org.jspecify.annotations.NullMarked;
