/** What a pool says of itself: events, errors, statistics. */
@NullMarked
package io.genericpool.core.internal.report;

import org.jspecify.annotations.NullMarked;
