/** JMH: the pool beside its peers, and beside the least that any pool must do. */
package io.genericpool.benchmarks;
