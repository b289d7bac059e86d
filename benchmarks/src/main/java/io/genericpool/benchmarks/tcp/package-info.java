/** Figures of the TCP plug-in. */
package io.genericpool.benchmarks.tcp;
