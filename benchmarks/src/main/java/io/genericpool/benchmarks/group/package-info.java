/** What it costs to ask a group of endpoints, and what callers notice of a member that dies. */
@NullMarked
package io.genericpool.benchmarks.group;

import org.jspecify.annotations.NullMarked;
