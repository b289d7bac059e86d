/** One endpoint of ten goes down under load, on real sockets, and comes back. */
package io.genericpool.benchmarks.outage;
