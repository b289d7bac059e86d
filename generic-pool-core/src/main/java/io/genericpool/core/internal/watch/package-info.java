/** Notices that an endpoint has moved to other addresses. */
@NullMarked
package io.genericpool.core.internal.watch;

import org.jspecify.annotations.NullMarked;
