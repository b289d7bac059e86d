/** The members of a group, and in which order they should serve a request. */
@NullMarked
package io.genericpool.core.internal.group;

import org.jspecify.annotations.NullMarked;
