/** A pool as JMX shows it; see {@link io.genericpool.core.ConnectionPoolBuilder#registerMBean}. */
@NullMarked
package io.genericpool.core.jmx;

import org.jspecify.annotations.NullMarked;
