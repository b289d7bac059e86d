/** What a pool tells a listener. */
@NullMarked
package io.genericpool.event;

import org.jspecify.annotations.NullMarked;
