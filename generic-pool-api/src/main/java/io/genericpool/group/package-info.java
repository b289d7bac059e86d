/** How the members of an endpoint group are ranked, and what a group counts. */
@NullMarked
package io.genericpool.group;

import org.jspecify.annotations.NullMarked;
