/**
 * Limits the rate of connection attempts, because some servers ban clients that connect too often.
 * {@link io.genericpool.rate.RateGovernor} limits any pool. {@link io.genericpool.rate.RateBuckets} serves connection
 * managers that keep a rate themselves.
 */
@NullMarked
package io.genericpool.rate;

import org.jspecify.annotations.NullMarked;
