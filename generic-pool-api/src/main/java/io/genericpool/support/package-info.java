/**
 * What the pool's own modules share: times, texts from outside, causes of exceptions, threads. It is exported to these modules
 * only and may change at any time.
 */
package io.genericpool.support;
