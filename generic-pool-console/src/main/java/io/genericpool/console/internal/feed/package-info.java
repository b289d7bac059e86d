/** What the console knows of its pools, sampled once per second, and the frames that its readers get. */
@org.jspecify.annotations.NullMarked
package io.genericpool.console.internal.feed;
