/** The settings of a pool, and what is derived from them once. */
@NullMarked
package io.genericpool.core.internal.config;

import org.jspecify.annotations.NullMarked;
