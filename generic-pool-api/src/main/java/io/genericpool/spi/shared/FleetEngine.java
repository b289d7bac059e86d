package io.genericpool.spi.shared;

import java.util.Collection;
import java.util.concurrent.CompletionStage;

/**
 * A ledger of shares, kept by the atomic step of some store. It holds, per fleet and endpoint, how many connections
 * each session was granted. Thread-safe: sessions of several pools call it at once. A session waits for the reply of a
 * call before the next one, but no longer than a heartbeat: then a call that was given up may still be under way beside
 * the next.
 *
 * <p>One call does all of this in one atomic step, by the store's own clock:
 * <ol>
 * <li><b>Gap.</b> A ledger <em>learns</em> when it was empty, when its last call was more than half a lease of the
 * caller ago, or when its clock went back. It learns for the longest of the leases of the caller and of the sessions
 * that it knew before. Each of these lives for its own lease from now, and for as long as the ledger learns. Learning
 * ends early when it knew any and each of them has restated or left. What sessions give back while the ledger learns is
 * <em>free</em> for others, and nothing else is. It counts as given back only if the ledger had the session's number for
 * sure: the session is new since the ledger began to learn, or has restated since, and this batch has the next sequence
 * after its last one. When learning begins anew, nothing was given back. An engine whose ledger cannot have been lost, such
 * as one inside the process, need not learn because it is empty.
 * <li><b>Expiry.</b> Unless it learns, it drops sessions whose lease is over, with all they were granted. It may drop a
 * few per call only, but no session is granted anything because of a free number that it does not have.
 * <li><b>Order.</b> A batch whose {@linkplain Batch#sequence() sequence} is not above the session's last one changes
 * nothing. The reply says {@code applied() == false}. The ledger remembers the last sequence of a session that has left
 * for one lease: a batch that was late on its way does not bring the session back.
 * <li><b>Lease.</b> The session lives for {@link Batch#lease()} from now. A {@linkplain Batch#leaving() leaving} one
 * ends, with all it was granted.
 * <li><b>Cap.</b> The cap of an endpoint is that of the highest {@link Batch#capVersion()}. A claim of the same version
 * with another cap is granted nothing new; the reply has the ledger's cap and version.
 * <li><b>Keep.</b> A claim lowers the grant to {@link Claim#share()}, and never raises it. In a
 * {@linkplain Batch#restating() restatement}, and in the first batch of a session that the ledger does not know, it also
 * raises the grant to {@link Claim#share()}, as far as the cap leaves room for it. A restatement names every
 * endpoint of the session: what it does not name is zero.
 * <li><b>Sum.</b> If the batch is no restatement, and the session's grants do not add up to {@link Batch#sum()} now,
 * the reply asks for a restatement. So it does while the ledger learns and a session that it knew before has not
 * restated.
 * <li><b>Grant.</b> See below. What is free is what the cap leaves; while the ledger learns, no more than what was given
 * back. The sum of an endpoint's grants never exceeds its cap by a grant. The ledger never lowers the grant of a living
 * session by itself.
 * </ol>
 *
 * <p><b>Fairness, per endpoint.</b> A session <em>starves</em> if its {@link Claim#wanted()} is above its grant. A
 * <em>contender</em> is a session that wants at least one. The <em>level</em> is {@code max(1, cap / contenders)}.
 * Starving sessions stand in two lines in the order in which they came: those below the level, and those that want more.
 * A session that reaches the level and wants more goes to the end of the second line. A session is granted what is free
 * beyond the needs of those before it: up to the level in the first line, and beyond the level after all needs of the
 * first line. {@link Claim#nice()} is granted only while no session starves. A session that wants no more than it has
 * leaves the lines, and so does one that expires. A session is granted something in its own call only.
 *
 * <p><b>Targets.</b> While a session below the level starves, the target of each session above the level is the level,
 * or its grant less what those below the level lack, if that is more. While there are more contenders than the cap, and
 * one with nothing starves, a session has its {@link #TURN} only. As many sessions as starve with nothing get the target
 * zero: those that have been granted something for longest, and none before its turn is over. While more than the cap is
 * granted, because it was lowered, the targets come to no more than the cap.
 *
 * <p><b>Hints.</b> When a step has freed something, the sessions that are first in line get a hint. So they do when the
 * cap has changed, and when one before them wants less. When a session has begun to starve, those that have a target, or
 * more than they want, get one. While a session with nothing waits for its turn, they get one with its calls, about once a
 * second. A hint may be lost, late or repeated: it only makes things faster.
 */
public interface FleetEngine extends AutoCloseable {
    /** How long a session keeps its connections while others have none, in nanoseconds: 5 s. */
    long TURN = 5_000_000_000L;

    /**
     * Makes one step of the ledger. Never waits: it returns before the store has answered, or without asking it at all.
     * The stage may complete on any thread. It fails if the store cannot be reached, or does not answer within the
     * engine's own timeout. Then the step may have been made or not, or may yet be made: the next batch puts that right.
     * After {@link #close} it fails.
     *
     * @param batch what the session tells
     * @return the reply
     */
    CompletionStage<Reply> sync(Batch batch);

    /**
     * Registers the receiver of a session's hints. An engine without hints does nothing.
     *
     * @param fleet the name of the fleet
     * @param session the session
     * @param listener gets the hints
     * @return ends the registration; may be closed more than once
     */
    Subscription subscribe(String fleet, String session, HintListener listener);

    /** Closes the engine. Calls in flight may fail. Sessions that have not left keep their shares until they expire. */
    @Override
    void close();

    /** Receives hints. */
    @FunctionalInterface
    interface HintListener {
        /**
         * Something has changed at these endpoints that concerns the session. Called on any thread; returns at once.
         *
         * @param endpoints the keys of the endpoints; empty if the engine does not say which
         */
        void hint(Collection<String> endpoints);
    }

    /** A registration of a listener. */
    @FunctionalInterface
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
