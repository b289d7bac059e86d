package io.genericpool.spi.shared;

import java.util.Objects;

/** What a session has and wants at one endpoint, in absolute numbers. Immutable. */
public final class Claim {
    private final String endpoint;
    private final int cap;
    private final int share;
    private final int wanted;
    private final int nice;

    /**
     * Makes a claim.
     *
     * @param endpoint the key of the endpoint, equal in all processes; the empty key is the fleet's total
     * @param cap how many connections all sessions together may have there; at least 1
     * @param share what the session keeps of its share; at least 0
     * @param wanted the share that it wants for requests; at least 0
     * @param nice how much more than {@code wanted} it would like while no session starves; at least 0
     * @throws IllegalArgumentException if a number is below its bound
     */
    public Claim(String endpoint, int cap, int share, int wanted, int nice) {
        this.endpoint = Objects.requireNonNull(endpoint, "endpoint");
        this.cap = Batch.atLeast("cap", cap, 1);
        this.share = Batch.atLeast("share", share, 0);
        this.wanted = Batch.atLeast("wanted", wanted, 0);
        this.nice = Batch.atLeast("nice", nice, 0);
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
     * Returns how many connections all sessions together may have.
     *
     * @return the cap
     */
    public int cap() {
        return cap;
    }

    /**
     * Returns what the session keeps of its share. It may have as many connections until a reply says more.
     *
     * @return the share
     */
    public int share() {
        return share;
    }

    /**
     * Returns the share that it wants for requests. It may be smaller than {@link #share()}.
     *
     * @return the number
     */
    public int wanted() {
        return wanted;
    }

    /**
     * Returns how much more than {@link #wanted()} it would like while no session starves.
     *
     * @return the number
     */
    public int nice() {
        return nice;
    }

    @Override
    public String toString() {
        return "'" + endpoint + "': keeps " + share + " of " + cap + ", wants " + wanted + " and " + nice + " more";
    }
}
