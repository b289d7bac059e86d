package io.genericpool.fleet;

import io.genericpool.fleet.internal.keeper.KeeperSettings;

/** What a process may have while its engine is away for longer than a lease. Immutable. */
public final class WhenUnreachable {
    /**
     * Each share stays as it is, and none grows. If only this process is cut off, the ledger grants its shares to others
     * once its lease is over, so the cap may be exceeded by them.
     */
    public static final WhenUnreachable KEEP = new WhenUnreachable(KeeperSettings.KEEP);

    /** Nothing: idle connections are closed at the end of the lease, and leased ones at their release. */
    public static final WhenUnreachable NONE = new WhenUnreachable(0);

    final int connections;

    private WhenUnreachable(int connections) {
        this.connections = connections;
    }

    /**
     * Up to a fixed number of connections per endpoint, whatever the share was. The cap holds if all processes together
     * have no more than that.
     *
     * @param connections the number, at least 1
     * @return the rule
     * @throws IllegalArgumentException if the number is below 1
     */
    public static WhenUnreachable safe(int connections) {
        if (connections < 1) {
            throw new IllegalArgumentException(
                    "safe connections must be at least 1, but is " + connections + "; use NONE for none");
        }
        return new WhenUnreachable(connections);
    }

    @Override
    public String toString() {
        return connections == KeeperSettings.KEEP ? "KEEP" : connections == 0 ? "NONE" : "SAFE(" + connections + ")";
    }
}
