/** What the collector does: it writes the tick and looks after the connections of each endpoint in turn. */
@NullMarked
package io.genericpool.core.internal.sweep;

import org.jspecify.annotations.NullMarked;
