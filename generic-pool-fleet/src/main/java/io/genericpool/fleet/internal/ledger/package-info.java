/** The ledger of the engine inside the process. */
@NullMarked
package io.genericpool.fleet.internal.ledger;

import org.jspecify.annotations.NullMarked;
