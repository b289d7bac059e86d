/** The pools that are compared, and what they pool. */
package io.genericpool.benchmarks.subject;
