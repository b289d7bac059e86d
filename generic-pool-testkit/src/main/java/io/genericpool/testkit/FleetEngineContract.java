package io.genericpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.genericpool.spi.shared.Batch;
import io.genericpool.spi.shared.Claim;
import io.genericpool.spi.shared.FleetEngine;
import io.genericpool.spi.shared.Grant;
import io.genericpool.spi.shared.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The behaviour of every {@link FleetEngine}, as a JUnit 5 suite to extend. One method gives the engine and one lets its
 * time pass. Those that stop and start it enable more tests; tests without the means they need are skipped and do not
 * pass. Each test uses a fleet of its own.
 *
 * <pre>{@code
 * class MyEngineTest extends FleetEngineContract {
 *     private final FakePoolClock clock = new FakePoolClock();
 *     private final MyEngine engine = new MyEngine(clock);
 *
 *     @Override
 *     protected FleetEngine engine() {
 *         return engine;
 *     }
 *
 *     @Override
 *     protected void pass(Duration time) {
 *         clock.advance(time);
 *     }
 * }
 * }</pre>
 */
@Timeout(120)
public abstract class FleetEngineContract {
    private static final String E = "endpoint";
    private static final String OTHER = "another endpoint";
    private static final Duration TURN = Duration.ofNanos(FleetEngine.TURN);

    private final String fleet = "contract-" + UUID.randomUUID();
    private int made;

    /** Creates the suite; for subclasses. */
    protected FleetEngineContract() {}

    /**
     * The engine under test.
     *
     * @return the same one during a test
     */
    protected abstract FleetEngine engine();

    /**
     * Lets the time of the engine's store pass. Tests wait in steps of at most a quarter of a lease.
     *
     * @param time how long, at least
     */
    protected abstract void pass(Duration time);

    /**
     * The lease of the sessions. A suite in real time may choose a shorter one.
     *
     * @return 15 s unless overridden
     */
    protected Duration lease() {
        return Duration.ofSeconds(15);
    }

    /**
     * Tells whether the engine's store can be stopped and started.
     *
     * @return false unless overridden
     */
    protected boolean canRestart() {
        return false;
    }

    /** Makes the engine's store unreachable. */
    protected void stop() {
        throw new UnsupportedOperationException("stop");
    }

    /**
     * Makes it reachable again, and returns when a call succeeds.
     *
     * @param withData whether the ledger is as it was; without, it is empty
     */
    protected void start(boolean withData) {
        throw new UnsupportedOperationException("start");
    }

    /**
     * Tells whether the engine gives hints.
     *
     * @return true unless overridden
     */
    protected boolean hasHints() {
        return true;
    }

    // ---- the cap and the ledger

    @Test
    void grantsWhatIsFreeAndNoMore() {
        EngineSession a = session(10);
        EngineSession b = session(10);
        assertThat(a.want(E, 7).share()).isEqualTo(7);
        Grant second = b.want(E, 7);
        assertThat(second.share()).isEqualTo(3);
        assertThat(second.cap()).isEqualTo(10);
        assertThat(second.waiting()).isEqualTo(1);
    }

    @Test
    void endpointsAndFleetsKnowNothingOfEachOther() {
        EngineSession a = session(5);
        assertThat(a.want(E, 5).share()).isEqualTo(5);
        assertThat(a.want(OTHER, 5).share()).isEqualTo(5);
        EngineSession stranger = settled(new EngineSession(engine(), fleet + "-2", "s", lease(), 5));
        assertThat(stranger.want(E, 5).share()).isEqualTo(5);
    }

    @Test
    void anEndpointWithAnyNameIsKeptApart() {
        EngineSession a = session(5);
        for (String name : List.of("", " ", "a:b", "a|b,c", "{x}", "'; --", "ä€\uD83D\uDE00", "x".repeat(300))) {
            assertThat(a.want(name, 4).share()).as(name).isEqualTo(4);
        }
        assertThat(a.beat().restate()).isFalse();
    }

    @Test
    void onlyWhatWasGivenBackIsFree() { // F2
        EngineSession a = session(10);
        EngineSession b = session(10);
        a.want(E, 10);
        b.want(E, 5);
        for (int i = 0; i < 3; i++) {
            a.beat();
            assertThat(b.want(E, 5).share()).as("nothing was given back yet").isZero();
        }
        a.tell(E, 6, 6, 0);
        assertThat(b.want(E, 5).share()).isEqualTo(4);
    }

    @Test
    void theLedgerLowersNoLivingSessionsGrant() { // F2
        EngineSession a = session(10);
        EngineSession b = session(10);
        a.want(E, 10);
        b.want(E, 10);
        passAlive(lease().multipliedBy(2), a, b);
        assertThat(a.want(E, 10).share()).isEqualTo(10);
    }

    @Test
    void aBatchOfManyEndpointsIsOneStep() {
        EngineSession a = session(3);
        var claims = new ArrayList<Claim>();
        for (int i = 0; i < 300; i++) {
            claims.add(a.claim("e" + i, 0, 2, 0));
        }
        Reply reply = a.send(a.changes(claims.toArray(Claim[]::new)));
        assertThat(reply.grants()).hasSize(300).allSatisfy(grant -> assertThat(grant.share())
                .isEqualTo(2));
        assertThat(a.beat().restate()).as("the sums agree").isFalse();
    }

    // ---- repeated, late and lost messages

    @Test
    void aRepeatedBatchChangesNothing() { // F3
        EngineSession a = session(10);
        Batch first = a.changes(a.claim(E, 0, 4, 0));
        a.send(first);
        Reply again = a.send(first);
        assertThat(again.applied()).isFalse();
        assertThat(a.beat().restate()).isFalse();
        assertThat(a.want(E, 4).share()).isEqualTo(4);
    }

    @Test
    void aLateBatchChangesNothing() { // F3
        EngineSession a = session(10);
        EngineSession b = session(10);
        a.want(E, 4);
        Batch late = a.changes(a.claim(E, 0, 0, 0));
        a.want(E, 8);
        assertThat(a.send(late).applied()).isFalse();
        assertThat(b.want(E, 10).share()).isEqualTo(2);
    }

    @Test
    void aLostReplyDoesNoHarm() { // F3
        EngineSession a = session(10);
        EngineSession b = session(10);
        a.sendInVain(a.changes(a.claim(E, 0, 6, 0)));
        assertThat(b.want(E, 4).share()).isEqualTo(4);
        assertThat(b.want(OTHER, 1).share()).isEqualTo(1);
        Grant told = a.want(E, 6);
        assertThat(told.share()).as("said anew").isEqualTo(6);
        assertThat(a.beat().restate()).isFalse();
    }

    // ---- leases

    @Test
    void aSessionThatIsSilentForALeaseLosesItsShares() { // F4
        EngineSession a = session(10);
        EngineSession b = session(10);
        a.want(E, 10);
        b.want(E, 4);
        passAlive(lease().plus(lease().dividedBy(4)), b);
        assertThat(b.want(E, 4).share()).isEqualTo(4);
        Reply woken = a.send(a.changes());
        assertThat(woken.newSession()).isTrue();
        assertThat(woken.restate()).as("it said that it has ten").isTrue();
        Reply restated = a.restate();
        assertThat(EngineSession.of(E, restated).share())
                .as("what is still free")
                .isEqualTo(6);
    }

    @Test
    void aHeartbeatKeepsAllShares() {
        EngineSession a = session(10);
        EngineSession b = session(10);
        a.want(E, 10);
        passAlive(lease().multipliedBy(3), a);
        assertThat(b.want(E, 1).share()).isZero();
        assertThat(a.beat().newSession()).isFalse();
    }

    @Test
    void aSessionThatLeavesFreesEverything() {
        EngineSession a = session(10);
        EngineSession b = session(10);
        a.want(E, 10);
        a.want(OTHER, 3);
        assertThat(a.leave().applied()).isTrue();
        assertThat(b.want(E, 10).share()).isEqualTo(10);
        assertThat(b.want(OTHER, 10).share()).isEqualTo(10);
    }

    @Test
    void aLateBatchDoesNotBringBackASessionThatHasLeft() { // F3
        EngineSession a = session(10);
        EngineSession b = session(10);
        a.want(E, 4);
        Batch late = a.changes(a.claim(E, 4, 6, 0));
        a.leave();
        assertThat(a.send(late).applied()).isFalse();
        assertThat(b.want(E, 10).share()).isEqualTo(10);
    }

    @Test
    void aSessionThatLeftALeaseAgoIsUnknown() {
        EngineSession a = session(10);
        EngineSession b = session(10);
        a.want(E, 4);
        Batch late = a.changes(a.claim(E, 4, 4, 0));
        a.leave();
        passAlive(lease().plus(lease().dividedBy(4)), b);
        Reply reply = a.send(late);
        assertThat(reply.applied()).isTrue();
        assertThat(reply.newSession()).isTrue();
    }

    @Test
    void aGapDoesNotShortenTheLeasesOfOthers() { // F2
        Duration longer = lease().multipliedBy(2);
        EngineSession a = settled(new EngineSession(engine(), fleet, "long", longer, 10));
        EngineSession b = session(10);
        a.want(E, 10);
        passSilently(lease());
        assertThat(b.beat().learning()).isTrue();
        passAlive(lease().plus(lease().dividedBy(4)), b);
        assertThat(b.want(E, 4).share()).as("the other one may still come").isZero();
        passAlive(lease(), b);
        assertThat(b.want(E, 4).share()).isEqualTo(4);
    }

    // ---- restating

    @Test
    void asksForARestatementWhenTheSumsDiffer() { // F6
        EngineSession a = session(10);
        a.want(E, 6);
        a.shares.put(E, 8); // as after a failover to a copy that lagged
        assertThat(a.beat().restate()).isTrue();
        Reply restated = a.restate();
        assertThat(restated.restate()).isFalse();
        assertThat(EngineSession.of(E, restated).share()).isEqualTo(8);
        assertThat(a.beat().restate()).isFalse();
    }

    @Test
    void aRestatementTakesNothingFromOthers() { // F6
        EngineSession a = session(10);
        EngineSession b = session(10);
        a.want(E, 6);
        b.want(E, 3);
        a.shares.put(E, 9);
        assertThat(EngineSession.of(E, a.restate()).share()).isEqualTo(7);
    }

    @Test
    void whatARestatementDoesNotNameIsGone() { // F6
        EngineSession a = session(10);
        EngineSession b = session(10);
        a.want(E, 6);
        a.want(OTHER, 6);
        a.shares.remove(OTHER);
        assertThat(a.beat().restate()).isTrue();
        a.restate();
        assertThat(b.want(OTHER, 10).share()).isEqualTo(10);
        assertThat(b.want(E, 10).share()).isEqualTo(4);
    }

    // ---- learning

    @Test
    void anEmptyLedgerLearnsForALease() { // F5
        assumeTrue(canRestart(), "the engine cannot be restarted");
        EngineSession a = session(10);
        EngineSession b = session(10);
        a.want(E, 8);
        stop();
        start(false);
        EngineSession newcomer = new EngineSession(engine(), fleet, "newcomer", lease(), 10);
        Grant early = newcomer.want(E, 10);
        assertThat(early.share()).as("another session may hold it").isZero();
        Reply beat = a.beat();
        assertThat(beat.learning()).isTrue();
        assertThat(beat.restate()).isTrue();
        assertThat(EngineSession.of(E, a.restate()).share()).isEqualTo(8);
        b.beat();
        passAlive(lease().plus(lease().dividedBy(4)), a, b, newcomer);
        assertThat(newcomer.want(E, 10).share()).isEqualTo(2);
        assertThat(newcomer.beat().learning()).isFalse();
    }

    @Test
    void afterAGapTheLedgerLearnsUntilAllHaveRestated() { // F5, F8
        EngineSession a = session(10);
        EngineSession b = session(10);
        a.want(E, 5);
        b.want(E, 4);
        passSilently(lease().multipliedBy(3));
        Reply first = b.send(b.changes(b.claim(E, 4, 10, 0)));
        assertThat(first.learning()).isTrue();
        assertThat(EngineSession.of(E, first).share())
                .as("no session was dropped, so nothing is granted")
                .isEqualTo(4);
        b.restate();
        assertThat(b.want(E, 10).share()).isEqualTo(4);
        Reply last = a.restate();
        assertThat(EngineSession.of(E, last).share()).isEqualTo(5);
        assertThat(b.want(E, 10).share()).as("it has learnt").isEqualTo(5);
    }

    @Test
    void whatIsGivenBackWhileItLearnsIsGrantedToOthers() { // F8
        EngineSession a = session(10);
        EngineSession silent = session(10);
        EngineSession c = session(10);
        a.want(E, 6);
        silent.want(E, 2);
        passSilently(lease().multipliedBy(3));
        a.beat();
        a.restate();
        c.beat();
        c.restate();
        assertThat(c.want(E, 5).share()).as("the silent one may hold the rest").isZero();
        a.keep(E, 3);
        assertThat(c.want(E, 5).share()).as("what was another one's").isEqualTo(3);
        assertThat(c.beat().learning()).isTrue();
        assertThat(a.want(E, 6).share()).as("nothing is granted twice").isEqualTo(3);
        c.keep(E, 1);
        assertThat(a.want(E, 6).share()).isEqualTo(5);
        silent.beat();
        assertThat(EngineSession.of(E, silent.restate()).share()).isEqualTo(2);
    }

    @Test
    void aLeavingSessionsSharesAreGrantedToOthersWhileItLearns() { // F8
        EngineSession a = session(10);
        EngineSession silent = session(10);
        a.want(E, 6);
        silent.want(E, 2);
        passSilently(lease().multipliedBy(3));
        a.beat();
        a.restate();
        var newcomer = new EngineSession(engine(), fleet, "newcomer", lease(), 10);
        assertThat(newcomer.want(E, 9).share()).isZero();
        a.leave();
        assertThat(newcomer.want(E, 9).share()).isEqualTo(6);
        assertThat(newcomer.beat().learning()).isTrue();
    }

    @Test
    void whatWasNotRestatedIsGrantedToNoSessionWhileItLearns() { // F5
        EngineSession a = session(10);
        EngineSession c = session(10);
        a.want(E, 8);
        passSilently(lease().multipliedBy(3));
        a.keep(E, 3);
        assertThat(c.want(E, 5).share())
                .as("the ledger may be wrong about what it had")
                .isZero();
    }

    @Test
    void whatIsGivenBackAfterALostCallIsGrantedToNoSessionWhileItLearns() { // F3, F5
        EngineSession a = session(10);
        EngineSession silent = session(10);
        EngineSession c = session(10);
        a.want(E, 8);
        passSilently(lease().multipliedBy(3));
        a.beat();
        a.restate();
        a.changes(); // another ledger may have had that call, before this one took over
        a.keep(E, 3);
        assertThat(c.want(E, 5).share()).isZero();
        assertThat(silent.beat().learning()).isTrue();
    }

    @Test
    void whatWasGivenBackBeforeAnotherGapIsGrantedToNoSession() { // F5
        EngineSession a = session(10);
        EngineSession silent = session(10);
        EngineSession c = session(10);
        a.want(E, 8);
        passSilently(lease().multipliedBy(3));
        a.beat();
        a.restate();
        a.keep(E, 3);
        passSilently(lease().multipliedBy(3));
        assertThat(c.want(E, 5).share()).isZero();
        assertThat(silent.beat().learning()).isTrue();
    }

    /** Another ledger may have granted it meanwhile, to a session that this one does not know. */
    @Test
    void whatASessionLeftBehindBeforeAnotherGapIsGrantedToNoSession() { // F5
        assumeTrue(canRestart(), "the engine cannot be restarted");
        EngineSession a = session(10);
        a.want(E, 8);
        stop();
        start(false);
        a.beat();
        a.restate();
        a.leave();
        passSilently(lease().dividedBy(4).multipliedBy(3));
        var newcomer = new EngineSession(engine(), fleet, "newcomer", lease(), 10);
        assertThat(newcomer.want(E, 10).share()).isZero();
    }

    @Test
    void anEmptyLedgerGrantsWhatIsGivenBack() { // F5, F8
        assumeTrue(canRestart(), "the engine cannot be restarted");
        EngineSession a = session(10);
        EngineSession b = session(10);
        a.want(E, 8);
        b.want(E, 2);
        stop();
        start(false);
        a.beat();
        a.restate();
        var newcomer = new EngineSession(engine(), fleet, "newcomer", lease(), 10);
        assertThat(newcomer.want(E, 10).share()).isZero();
        a.keep(E, 3);
        assertThat(newcomer.want(E, 10).share()).isEqualTo(5);
        b.beat();
        assertThat(EngineSession.of(E, b.restate()).share())
                .as("the rest is its own")
                .isEqualTo(2);
    }

    @Test
    void whatIsGivenBackWhereNoOtherSessionIsStaysFreeWhileItLearns() { // F8
        assumeTrue(canRestart(), "the engine cannot be restarted");
        EngineSession a = session(10);
        a.want(E, 8);
        stop();
        start(false);
        a.beat();
        a.restate();
        a.tell(E, 0, 0, 0);
        var newcomer = new EngineSession(engine(), fleet, "newcomer", lease(), 12);
        Grant first = newcomer.want(E, 10);
        assertThat(first.share()).isEqualTo(8);
        assertThat(first.cap()).as("no session has another one").isEqualTo(12);
    }

    @Test
    void aSessionThatDoesNotComeBackAfterAGapExpires() { // F5
        EngineSession a = session(10);
        EngineSession b = session(10);
        a.want(E, 10);
        b.want(OTHER, 1);
        passSilently(lease().multipliedBy(2));
        b.beat();
        b.restate();
        assertThat(b.want(E, 4).share()).isZero();
        passAlive(lease().plus(lease().dividedBy(4)), b);
        assertThat(b.want(E, 4).share()).isEqualTo(4);
    }

    @Test
    void callsFailWhileTheStoreIsAway() {
        assumeTrue(canRestart(), "the engine cannot be restarted");
        EngineSession a = session(10);
        a.want(E, 4);
        stop();
        try {
            assertThatThrownBy(() ->
                            engine().sync(a.changes()).toCompletableFuture().get(60, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class);
        } finally {
            start(true);
        }
        if (a.beat().restate()) { // it may take the outage for a gap
            a.restate();
        }
        assertThat(a.share(E)).isEqualTo(4);
    }

    // ---- fairness

    @Test
    void thoseThatStarveAreServedInTheirOrder() {
        EngineSession holder = session(2);
        EngineSession first = session(2);
        EngineSession second = session(2);
        holder.want(E, 2);
        first.want(E, 1);
        second.want(E, 1);
        holder.keep(E, 1);
        assertThat(second.want(E, 1).share()).as("the first comes first").isZero();
        assertThat(first.want(E, 1).share()).isEqualTo(1);
        holder.keep(E, 0);
        assertThat(second.want(E, 1).share()).isEqualTo(1);
    }

    @Test
    void thoseBelowTheLevelComeBeforeThoseThatWantMore() {
        EngineSession rich = session(12);
        EngineSession holder = session(12);
        EngineSession poor = session(12);
        rich.want(E, 6);
        holder.want(E, 6);
        rich.want(E, 9); // level 6: it wants more
        poor.want(E, 4); // level 4
        holder.tell(E, 3, 3, 0);
        assertThat(rich.want(E, 9).share())
                .as("it came first, but has its level")
                .isEqualTo(6);
        assertThat(poor.want(E, 4).share()).isEqualTo(3);
        holder.tell(E, 0, 0, 0); // level 6 again
        rich.want(E, 9);
        assertThat(poor.want(E, 4).share()).isEqualTo(4);
        assertThat(rich.want(E, 9).share()).as("what is left is its own").isEqualTo(8);
    }

    @Test
    void thoseAboveTheLevelGetItAsTheirTargetWhileOthersAreBelow() {
        EngineSession rich = session(10);
        EngineSession poor = session(10);
        rich.want(E, 10);
        assertThat(rich.want(E, 10).target()).isEqualTo(Grant.NO_TARGET);
        poor.want(E, 10);
        Grant pressed = EngineSession.of(E, rich.beat());
        assertThat(pressed.target()).as("found at the next heartbeat, F7").isEqualTo(5);
        assertThat(pressed.waiting()).isEqualTo(1);
        rich.tell(E, 5, 10, 0);
        assertThat(poor.want(E, 10).share()).isEqualTo(5);
        assertThat(rich.want(E, 10).target()).isEqualTo(Grant.NO_TARGET);
        assertThat(poor.want(E, 10).target()).isEqualTo(Grant.NO_TARGET);
    }

    @Test
    void anEndpointWithoutNeedIsNotToldOfAtAHeartbeat() {
        EngineSession a = session(10);
        a.want(E, 4);
        assertThat(a.beat().grants()).isEmpty();
    }

    @Test
    void whatIsNiceIsGrantedOnlyWhileNoSessionStarves() {
        EngineSession a = session(10);
        EngineSession b = session(10);
        EngineSession c = session(10);
        assertThat(a.tell(E, 0, 0, 3).share()).isEqualTo(3);
        b.want(E, 9);
        assertThat(c.tell(E, 0, 0, 1).share()).as("another one starves").isZero();
        Grant calledBack = EngineSession.of(E, a.beat());
        assertThat(calledBack.waiting()).as("it has more than it wants").isEqualTo(1);
        a.tell(E, 0, 0, 3);
        assertThat(b.want(E, 9).share()).isEqualTo(9);
        assertThat(c.tell(E, 0, 0, 1).share()).isEqualTo(1);
    }

    @Test
    void withMoreContendersThanConnectionsTheyTakeTurns() {
        EngineSession a = session(1);
        EngineSession b = session(1);
        a.want(E, 1);
        b.want(E, 1);
        assertThat(a.want(E, 1).target()).as("its turn is not over").isNotZero();
        passAlive(TURN, a, b);
        assertThat(EngineSession.of(E, a.beat()).target()).isZero();
        a.tell(E, 0, 1, 0);
        assertThat(b.want(E, 1).share()).isEqualTo(1);
        assertThat(b.want(E, 1).target()).isNotZero();
        passAlive(TURN, a, b);
        assertThat(EngineSession.of(E, b.beat()).target()).isZero();
    }

    @Test
    void asManyTurnsEndAsSessionsHaveNothing() {
        EngineSession a = session(2);
        EngineSession b = session(2);
        EngineSession c = session(2);
        a.want(E, 1);
        pass(Duration.ofMillis(2));
        b.want(E, 1);
        c.want(E, 1);
        passAlive(TURN.plusMillis(10), a, b, c);
        assertThat(EngineSession.of(E, a.beat()).target()).isZero();
        Grant other = EngineSession.find(E, b.beat());
        assertThat(other == null ? Grant.NO_TARGET : other.target()).isNotZero();
    }

    // ---- caps

    @Test
    void aCapOfAHigherVersionHolds() {
        EngineSession old = session(10);
        EngineSession recent = session(4);
        recent.capVersion = 1;
        old.want(E, 8);
        Grant refused = recent.want(E, 2);
        assertThat(refused.share()).isZero();
        assertThat(refused.cap()).isEqualTo(4);
        Grant told = EngineSession.of(E, old.beat());
        assertThat(told.cap()).isEqualTo(4);
        assertThat(told.target()).isBetween(2, 4);
        old.tell(E, 2, 8, 0);
        assertThat(recent.want(E, 2).share()).isEqualTo(2);
        assertThat(old.want(E, 8).share())
                .as("of the lower version, so the other one's cap")
                .isEqualTo(2);
    }

    @Test
    void twoCapsOfOneVersionAreToldApart() {
        EngineSession a = session(10);
        EngineSession b = session(20);
        a.want(E, 3);
        Grant refused = b.want(E, 5);
        assertThat(refused.share()).isZero();
        assertThat(refused.cap()).as("the one that holds").isEqualTo(10);
        assertThat(refused.capVersion()).isZero();
        assertThat(a.want(E, 10).share())
                .as("nothing is kept for the other one")
                .isEqualTo(10);
    }

    // ---- hints

    @Test
    void whatBecomesFreeIsHintedAtToTheFirstInLine() { // F7
        assumeTrue(hasHints(), "the engine has no hints");
        EngineSession holder = session(2);
        EngineSession first = session(2);
        holder.want(E, 2);
        first.want(E, 1);
        assertHinted(first, () -> {
            holder.want(E, 2);
            first.want(E, 1);
            holder.keep(E, 1);
            first.keep(E, 0);
        });
    }

    @Test
    void targetsAreHintedAt() { // F7
        assumeTrue(hasHints(), "the engine has no hints");
        EngineSession rich = session(4);
        EngineSession poor = session(4);
        rich.want(E, 4);
        assertHinted(rich, () -> {
            poor.want(E, 2);
            poor.keep(E, 0);
        });
    }

    @Test
    void whatWasKeptForASessionThatGivesUpIsHintedAtToTheNext() { // F7
        assumeTrue(hasHints(), "the engine has no hints");
        EngineSession holder = session(2);
        EngineSession first = session(2);
        EngineSession second = session(2);
        holder.want(E, 2);
        assertHinted(second, () -> {
            first.want(E, 1);
            second.want(E, 1);
            holder.keep(E, 1);
            first.keep(E, 0); // without having taken it
            second.keep(E, 0);
            holder.want(E, 2);
        });
    }

    @Test
    void aCapThatRisesIsHintedAtToTheFirstInLine() { // F7
        assumeTrue(hasHints(), "the engine has no hints");
        EngineSession waiting = session(2);
        EngineSession recent = session(2);
        waiting.want(E, 500);
        assertHinted(waiting, () -> {
            recent.cap++;
            recent.capVersion++;
            recent.tell(E, 0, 0, 0);
            waiting.want(E, 500);
        });
    }

    @Test
    void aTurnThatIsOverIsHintedAt() { // F7
        assumeTrue(hasHints(), "the engine has no hints");
        EngineSession holder = session(1);
        EngineSession waiting = session(1);
        holder.want(E, 1);
        waiting.want(E, 1);
        assertHinted(holder, () -> {
            passAlive(TURN.plusMillis(10), holder, waiting);
            waiting.want(E, 1);
        });
    }

    /** A hint may be lost, as long as the engine has not begun to listen: so it may take more than one. */
    private void assertHinted(EngineSession session, Runnable reason) {
        var hinted = new CountDownLatch(1);
        FleetEngine.Subscription subscription = engine().subscribe(fleet, session.id, endpoints -> hinted.countDown());
        try {
            long deadline = System.nanoTime() + RealWait.NANOS;
            do {
                reason.run();
            } while (!isOpen(hinted) && System.nanoTime() - deadline < 0);
        } finally {
            subscription.close();
        }
        assertThat(hinted.getCount()).as("hints missing").isZero();
    }

    private static boolean isOpen(CountDownLatch latch) {
        try {
            return latch.await(50, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    // ---- what the tests are made of

    /** A session whose ledger has learnt. */
    private EngineSession session(int cap) {
        made++;
        return settled(new EngineSession(engine(), fleet, "session-" + made, lease(), cap));
    }

    private EngineSession settled(EngineSession session) {
        Reply reply = session.beat();
        for (int i = 0; reply.learning() && i < 20; i++) {
            pass(lease().dividedBy(4));
            reply = session.beat();
        }
        assertThat(reply.learning()).as("learns for more than a lease").isFalse();
        return session;
    }

    /** The time passes, and sessions that have nothing to say stay alive. Those that want something keep wanting it. */
    private void passAlive(Duration time, EngineSession... sessions) {
        Duration step = lease().dividedBy(4);
        for (Duration left = time; !left.isNegative() && !left.isZero(); left = left.minus(step)) {
            pass(left.compareTo(step) < 0 ? left : step);
            for (EngineSession session : sessions) {
                if (session.beat().restate()) {
                    session.restate();
                }
            }
        }
    }

    private void passSilently(Duration time) {
        Duration step = lease().dividedBy(4);
        for (Duration left = time; !left.isNegative() && !left.isZero(); left = left.minus(step)) {
            pass(step);
        }
    }
}
