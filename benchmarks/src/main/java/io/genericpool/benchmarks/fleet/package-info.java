/** What the engines of a fleet cost. */
package io.genericpool.benchmarks.fleet;
