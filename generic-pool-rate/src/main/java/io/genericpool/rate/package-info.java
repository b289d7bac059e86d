/**
 * Holds connects to a rate, for servers that ban who connects too often. {@link io.genericpool.rate.RateGovernor} does so
 * for any pool; {@link io.genericpool.rate.RateBuckets} is what it is made of, for connection managers that keep a rate
 * themselves.
 */
@NullMarked
package io.genericpool.rate;

import org.jspecify.annotations.NullMarked;
