/** The interfaces that plug-ins implement to open, check, reset and dispose connections of some type. */
@NullMarked
package io.genericpool.spi;

import org.jspecify.annotations.NullMarked;
