/**
 * Limits that hold for a fleet of processes. {@link io.genericpool.fleet.FleetLimits} keeps a process's shares of each
 * endpoint; an engine keeps the ledger of all. {@link io.genericpool.fleet.InProcessEngine} serves several pools of one
 * process.
 */
@NullMarked
package io.genericpool.fleet;

import org.jspecify.annotations.NullMarked;
