/** Requests that any of several endpoints can serve, as docs/groups.md shows them. */
@NullMarked
package io.genericpool.examples.groups;

import org.jspecify.annotations.NullMarked;
