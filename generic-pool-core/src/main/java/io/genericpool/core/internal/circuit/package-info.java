/** Endpoints that fail, and how long they are left alone. */
@NullMarked
package io.genericpool.core.internal.circuit;

import org.jspecify.annotations.NullMarked;
