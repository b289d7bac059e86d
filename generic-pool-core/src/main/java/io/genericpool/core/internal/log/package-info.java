/** Logging that never throws and never floods. */
@NullMarked
package io.genericpool.core.internal.log;

import org.jspecify.annotations.NullMarked;
