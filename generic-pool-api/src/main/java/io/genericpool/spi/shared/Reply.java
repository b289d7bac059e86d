package io.genericpool.spi.shared;

import java.util.List;

/** The ledger's answer to one {@link Batch}. Immutable. */
public final class Reply {
    private final long sequence;
    private final boolean applied;
    private final boolean newSession;
    private final boolean restate;
    private final boolean learning;
    private final List<Grant> grants;

    /**
     * Makes a reply.
     *
     * @param sequence the sequence of the batch
     * @param applied whether the batch was applied; false for one that was repeated or came late
     * @param newSession whether the ledger did not know the session before this batch
     * @param restate whether the session must send a restatement next
     * @param learning whether the ledger learns, and grants only what was given back meanwhile
     * @param grants one for each endpoint that the batch names. Also one for each other endpoint where the session is
     *     granted more than its target, or where others starve and it is granted more than it wants
     */
    public Reply(
            long sequence, boolean applied, boolean newSession, boolean restate, boolean learning, List<Grant> grants) {
        this.sequence = sequence;
        this.applied = applied;
        this.newSession = newSession;
        this.restate = restate;
        this.learning = learning;
        this.grants = List.copyOf(grants);
    }

    /**
     * Returns the sequence of the batch that this answers.
     *
     * @return the sequence
     */
    public long sequence() {
        return sequence;
    }

    /**
     * Tells whether the batch was applied.
     *
     * @return false for a batch that was repeated or came late
     */
    public boolean applied() {
        return applied;
    }

    /**
     * Tells whether the ledger did not know the session before this batch. A session that had shares has lost them:
     * it keeps what this reply grants.
     *
     * @return true for a new session
     */
    public boolean newSession() {
        return newSession;
    }

    /**
     * Tells whether the session must send a {@linkplain Batch.Kind#RESTATEMENT restatement} next.
     *
     * @return true if it must
     */
    public boolean restate() {
        return restate;
    }

    /**
     * Tells whether the ledger learns. Until it has learnt, it grants only what sessions have given back meanwhile.
     *
     * @return true while it learns
     */
    public boolean learning() {
        return learning;
    }

    /**
     * Returns what the session is granted.
     *
     * @return an immutable list
     */
    public List<Grant> grants() {
        return grants;
    }

    @Override
    public String toString() {
        return "reply to batch " + sequence + (applied ? "" : ", not applied") + (newSession ? ", new session" : "")
                + (restate ? ", restate" : "") + (learning ? ", learning" : "") + ": " + grants;
    }
}
