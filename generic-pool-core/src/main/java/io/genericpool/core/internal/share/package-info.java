/** The pool's side of limits that other processes share: what it tells, and what it is told. */
@NullMarked
package io.genericpool.core.internal.share;

import org.jspecify.annotations.NullMarked;
