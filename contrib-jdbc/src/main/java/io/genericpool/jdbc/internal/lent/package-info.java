/** A physical connection and the views of it that a lease hands out. Not exported. */
@NullMarked
package io.genericpool.jdbc.internal.lent;

import org.jspecify.annotations.NullMarked;
