/** What people ask of pools, as docs/asked-elsewhere.md answers it. */
@NullMarked
package io.genericpool.examples.asked;

import org.jspecify.annotations.NullMarked;
