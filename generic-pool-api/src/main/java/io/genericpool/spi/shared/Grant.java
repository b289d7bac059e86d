package io.genericpool.spi.shared;

import java.util.Objects;

/** What the ledger has for a session at one endpoint. Immutable. */
public final class Grant {
    /** The target of a session that need not give anything back. */
    public static final int NO_TARGET = Integer.MAX_VALUE;

    private final String endpoint;
    private final int share;
    private final int target;
    private final int waiting;
    private final int cap;
    private final long capVersion;

    /**
     * Makes a grant.
     *
     * @param endpoint the key of the endpoint
     * @param share what the session is granted in all; at least 0
     * @param target what it is to come down to; at least 0, {@link #NO_TARGET} if it need not
     * @param waiting how many sessions starve there, this one included; at least 0
     * @param cap the cap that holds; at least 1
     * @param capVersion the version of that cap
     * @throws IllegalArgumentException if a number is below its bound
     */
    public Grant(String endpoint, int share, int target, int waiting, int cap, long capVersion) {
        this.endpoint = Objects.requireNonNull(endpoint, "endpoint");
        this.share = Batch.atLeast("share", share, 0);
        this.target = Batch.atLeast("target", target, 0);
        this.waiting = Batch.atLeast("waiting", waiting, 0);
        this.cap = Batch.atLeast("cap", cap, 1);
        this.capVersion = Batch.atLeast("capVersion", capVersion, 0);
    }

    /**
     * Returns the key of the endpoint.
     *
     * @return the key; empty for the fleet's total
     */
    public String endpoint() {
        return endpoint;
    }

    /**
     * Returns what the session is granted in all.
     *
     * @return the number of connections
     */
    public int share() {
        return share;
    }

    /**
     * Returns what the session is to come down to: idle connections at once, then half of what is left beyond it per
     * second.
     *
     * @return the number of connections, or {@link #NO_TARGET}
     */
    public int target() {
        return target;
    }

    /**
     * Returns how many sessions starve at the endpoint, this one included.
     *
     * @return the number
     */
    public int waiting() {
        return waiting;
    }

    /**
     * Returns the cap that holds at the endpoint.
     *
     * @return the cap
     */
    public int cap() {
        return cap;
    }

    /**
     * Returns the version of the cap.
     *
     * @return the version
     */
    public long capVersion() {
        return capVersion;
    }

    @Override
    public String toString() {
        return "'" + endpoint + "': " + share + " of " + cap
                + (target == NO_TARGET ? "" : ", to come down to " + target) + ", " + waiting + " waiting";
    }
}
