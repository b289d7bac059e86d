/** What plug-ins implement: how connections of some type are made, checked, reset and disposed. */
@NullMarked
package io.genericpool.spi;

import org.jspecify.annotations.NullMarked;
