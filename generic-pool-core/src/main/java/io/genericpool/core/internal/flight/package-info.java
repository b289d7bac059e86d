/** Events for Java Flight Recorder. Nothing else in the engine knows its classes, which may be absent. */
@NullMarked
package io.genericpool.core.internal.flight;

import org.jspecify.annotations.NullMarked;
