/** Callers that ask pools for connections, and what is measured of them. */
package io.genericpool.benchmarks.load;
