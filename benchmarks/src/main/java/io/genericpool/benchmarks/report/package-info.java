/** Tables, targets and the machine, as the pages print them. */
package io.genericpool.benchmarks.report;
