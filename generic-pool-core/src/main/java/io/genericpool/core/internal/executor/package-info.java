/** Where a pool runs what must not run on the threads of its callers. */
@NullMarked
package io.genericpool.core.internal.executor;

import org.jspecify.annotations.NullMarked;
