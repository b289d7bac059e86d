package io.genericpool.spi.shared;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** What a session tells the ledger in one call. Immutable. */
public final class Batch {
    private final String fleet;
    private final String session;
    private final long sequence;
    private final Duration lease;
    private final long capVersion;
    private final long sum;
    private final Kind kind;
    private final List<Claim> claims;

    /** What a batch is. */
    public enum Kind {
        /** Changes since the last batch, or none: a heartbeat. */
        CHANGES,
        /** All that the session has: an endpoint that is not named has no share. */
        RESTATEMENT,
        /** The session ends and gives everything back. */
        LEAVE
    }

    /**
     * Makes a batch.
     *
     * @param fleet the name of the fleet
     * @param session the id of the session, unique among all processes
     * @param sequence a number that rises with each batch of the session; at least 1
     * @param lease how long the ledger keeps the session after this batch, by its own clock; at least 1 ms
     * @param capVersion the version of the caps in the claims; at least 0
     * @param sum what the session keeps of its grants, over all its endpoints, named here or not; at least 0
     * @param kind what the batch is
     * @param claims one per endpoint, no endpoint twice
     * @throws IllegalArgumentException if a number is below its bound
     */
    public Batch(
            String fleet,
            String session,
            long sequence,
            Duration lease,
            long capVersion,
            long sum,
            Kind kind,
            List<Claim> claims) {
        this.fleet = Objects.requireNonNull(fleet, "fleet");
        this.session = Objects.requireNonNull(session, "session");
        this.sequence = atLeast("sequence", sequence, 1);
        this.lease = Objects.requireNonNull(lease, "lease");
        atLeast("lease in milliseconds", lease.toMillis(), 1);
        this.capVersion = atLeast("capVersion", capVersion, 0);
        this.sum = atLeast("sum", sum, 0);
        this.kind = Objects.requireNonNull(kind, "kind");
        this.claims = List.copyOf(claims);
    }

    static int atLeast(String name, int value, int bound) {
        return (int) atLeast(name, (long) value, bound);
    }

    static long atLeast(String name, long value, long bound) {
        if (value < bound) {
            throw new IllegalArgumentException(name + " must be at least " + bound + ", but is " + value);
        }
        return value;
    }

    /**
     * Returns the name of the fleet. Fleets of different names know nothing of each other.
     *
     * @return the name
     */
    public String fleet() {
        return fleet;
    }

    /**
     * Returns the id of the session.
     *
     * @return the id
     */
    public String session() {
        return session;
    }

    /**
     * Returns the place of this batch among those of the session.
     *
     * @return the number
     */
    public long sequence() {
        return sequence;
    }

    /**
     * Returns how long the ledger keeps the session after this batch.
     *
     * @return the time, by the ledger's clock
     */
    public Duration lease() {
        return lease;
    }

    /**
     * Returns the version of the caps in the claims. The highest version holds for all sessions.
     *
     * @return the version
     */
    public long capVersion() {
        return capVersion;
    }

    /**
     * Returns the sum of what the session keeps of its grants, over all its endpoints. Where a claim is above what the
     * session was granted, this counts no more than the grant.
     *
     * @return the sum
     */
    public long sum() {
        return sum;
    }

    /**
     * Returns what the batch is.
     *
     * @return the kind
     */
    public Kind kind() {
        return kind;
    }

    /**
     * Tells whether the claims are all that the session has.
     *
     * @return true for a restatement
     */
    public boolean restating() {
        return kind == Kind.RESTATEMENT;
    }

    /**
     * Tells whether the session ends.
     *
     * @return true for the last batch of a session
     */
    public boolean leaving() {
        return kind == Kind.LEAVE;
    }

    /**
     * Returns what the session has and wants, per endpoint.
     *
     * @return an immutable list; empty for a mere heartbeat
     */
    public List<Claim> claims() {
        return claims;
    }

    @Override
    public String toString() {
        return "batch " + sequence + " of session " + session + " in fleet '" + fleet + "' (" + kind + ", sum " + sum
                + ", " + claims + ")";
    }
}
