/**
 * The calls of the manager, the governor and the listener, each bounded in time, and the two ends of a lease where they
 * have a say. Knows the endpoints and the reports; endpoints reach it by {@code EndpointOutlet}.
 */
@NullMarked
package io.genericpool.core.internal.call;

import org.jspecify.annotations.NullMarked;
