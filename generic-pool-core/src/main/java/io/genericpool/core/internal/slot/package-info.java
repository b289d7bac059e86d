/** One connection and its state, its leases, and the fast path over the slots of an endpoint. */
@NullMarked
package io.genericpool.core.internal.slot;

import org.jspecify.annotations.NullMarked;
