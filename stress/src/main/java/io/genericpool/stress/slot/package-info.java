/** Races about one connection: leases, releases, deaths, evictions and closes. Each of them shows that a connection is neither lost nor lent twice. */
@org.jspecify.annotations.NullMarked
package io.genericpool.stress.slot;
