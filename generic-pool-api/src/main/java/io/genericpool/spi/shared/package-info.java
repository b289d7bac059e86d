/**
 * The interface between the keeper of a process's shares and the engine that keeps the ledger of a fleet. Authors of
 * engines implement {@link io.genericpool.spi.shared.FleetEngine}; the testkit has a contract suite for them.
 */
@NullMarked
package io.genericpool.spi.shared;

import org.jspecify.annotations.NullMarked;
