package io.genericpool.fleet.internal.keeper;

import static io.genericpool.fleet.internal.keeper.KeeperWorld.A;
import static io.genericpool.fleet.internal.keeper.KeeperWorld.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.spi.SharedLimits.Demand;
import io.genericpool.spi.SharedLimits.Share;
import io.genericpool.spi.shared.Batch;
import io.genericpool.spi.shared.Claim;
import io.genericpool.spi.shared.Grant;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The keeper's calls, step by step, with an engine and a pool that do only what the test says. */
@Timeout(30)
class KeeperStepsTest {
    private final KeeperWorld world = new KeeperWorld();

    /** A keeper that has been granted some connections, and whose pool has them open. */
    private void startWith(int granted) {
        world.start();
        world.replyWith(world.last());
        world.demand(granted);
        world.advance(0.02);
        world.held = granted;
        world.reply(granted);
        world.advance(0.02);
        if (world.batches.size() > 2) {
            world.reply(granted);
        }
        assertThat(world.share()).isEqualTo(granted);
    }

    private List<Share> sharesSince(int before) {
        return world.shares.subList(before, world.shares.size());
    }

    // ---- the heartbeat

    @Test
    void theHeartbeatGoesOnAfterAReplyThatWasLaterThanTheBeat() {
        startWith(3);
        world.advance(5);
        world.fail();
        world.advance(1); // the next try; its reply takes longer than the time until the beat after it
        Batch slow = world.last();
        world.advance(2);
        assertThat(world.last()).isSameAs(slow);
        world.reply(slow, 3);
        int before = world.batches.size();
        world.advance(5);
        assertThat(world.batches.size()).isGreaterThan(before);
    }

    @Test
    void whyTheEngineIsAwayIsToldWithoutASecret() {
        startWith(3);
        world.advance(5);
        world.fail("no answer from redis://fleet:s3cret@redis.example.org");
        assertThat(world.reasons).singleElement().asString().endsWith("no answer from redis://***@redis.example.org");
    }

    // ---- what is told

    /** A keeper that is told that it has all that it will get for now, though it wants more. */
    private void starveWith(int granted, int wanted) {
        startWith(granted);
        world.demand(wanted);
        world.advance(0.02);
        world.replyWith(world.last(), new Grant(KEY, granted, Grant.NO_TARGET, 1, 10, 0));
        world.advance(0.02);
    }

    @Test
    void numbersThatHaveComeBackAreNotToldAgain() {
        starveWith(4, 8);
        int before = world.batches.size();
        for (int i = 0; i < 20; i++) {
            world.demand(7); // a request ends
            world.demand(8); // and the next one comes, before a call has gone out
            world.advance(0.02);
        }
        assertThat(world.batches).hasSize(before);
        world.demand(7);
        world.advance(0.02);
        assertThat(world.batches).hasSize(before + 1);
        assertThat(world.last().claims()).extracting(Claim::wanted).containsExactly(7);
    }

    @Test
    void aHeartbeatTellsEqualNumbersAgain() {
        starveWith(4, 8);
        int before = world.batches.size();
        world.advance(5);
        assertThat(world.batches).hasSize(before + 1);
        assertThat(world.last().claims()).extracting(Claim::share).containsExactly(4);
        assertThat(world.last().claims()).extracting(Claim::wanted).containsExactly(8);
    }

    @Test
    void numbersWithoutAnAnswerAreToldAgain() {
        startWith(4);
        world.demand(2); // it does not starve, so a beat alone would not name it
        world.advance(0.02);
        world.fail();
        int before = world.batches.size();
        world.advance(1);
        assertThat(world.batches).hasSize(before + 1);
        assertThat(world.last().claims()).extracting(Claim::wanted).containsExactly(2);
    }

    @Test
    void numbersThatComeBackWhileACallIsInFlightAreToldAgain() {
        starveWith(4, 8);
        world.demand(7);
        world.advance(0.02);
        world.demand(8); // the ledger hears of 7
        world.replyWith(world.last(), new Grant(KEY, 4, Grant.NO_TARGET, 1, 10, 0));
        world.advance(0.02);
        assertThat(world.last().claims()).extracting(Claim::wanted).containsExactly(8);
    }

    @Test
    void moreThanIsOfUseGoesBackThoughTheLedgerWasToldTheSameNumbers() {
        starveWith(4, 8);
        world.demand(8);
        world.advance(5);
        Batch inFlight = world.last();
        world.takesShares = false;
        world.replyWith(inFlight, new Grant(KEY, 8, Grant.NO_TARGET, 0, 10, 0));
        world.takesShares = true;
        long version = world.shares.get(world.shares.size() - 1).version();
        world.tell(version, 4); // the pool keeps to the four that it has
        world.advance(0.02);
        assertThat(world.last()).isNotSameAs(inFlight);
        assertThat(world.last().claims()).extracting(Claim::share).containsExactly(4);
    }

    @Test
    void anEndpointThatIsGoneIsForgottenWithoutAnotherCall() {
        startWith(3);
        world.held = 0;
        world.demand(0);
        for (int i = 0; i < 2; i++) { // it wants nothing, and then it gives its share back
            world.advance(0.02);
            world.reply(0);
        }
        int before = world.batches.size();
        world.demand(2);
        world.demand(0);
        world.keeper().gone(A, world.shares.get(world.shares.size() - 1).version());
        world.advance(0.02);
        assertThat(world.batches).hasSize(before);
        world.cap = 7;
        world.keeper().demand(A, new Demand(0, 0, 0, 2, 0));
        world.advance(0.02);
        assertThat(world.last().claims())
                .as("of a line made anew")
                .extracting(Claim::cap)
                .containsExactly(7);
    }

    // ---- validity

    @Test
    void aReplyToACallOfAnEarlierLeaseGrantsNothing() {
        startWith(3);
        world.demand(8);
        world.advance(0.02);
        Batch slow = world.last();
        int before = world.shares.size();
        world.stop(60);
        world.reply(slow, 8);
        assertThat(sharesSince(before))
                .as("it keeps what it has until a call of now is answered")
                .allMatch(share -> share.connections() <= 3);
        world.advance(0.02);
        assertThat(world.last().kind()).isEqualTo(Batch.Kind.RESTATEMENT);
        world.reply(6);
        assertThat(world.share()).isEqualTo(6);
    }

    @Test
    void aProcessThatWakesByADemandOpensNothingBeforeTheLedgerHasAnswered() {
        startWith(6);
        world.held = 2;
        world.demand(6);
        world.stop(60);
        world.demand(7);
        world.advance(0.02); // the gather comes before the beat
        assertThat(world.last().kind()).isEqualTo(Batch.Kind.RESTATEMENT);
        assertThat(world.share()).isZero();
        world.reply(4);
        assertThat(world.share()).isEqualTo(4);
    }

    @Test
    void aProcessThatWakesWithACallInFlightOpensNothingBeforeTheLedgerHasAnswered() {
        startWith(6);
        world.held = 2;
        world.demand(7);
        world.advance(0.02);
        world.stop(60);
        int before = world.shares.size();
        world.advance(5); // now the call is overdue
        assertThat(sharesSince(before)).isNotEmpty().allMatch(share -> share.connections() == 0);
        world.advance(1);
        world.reply(4);
        assertThat(world.share()).isEqualTo(4);
    }

    @Test
    void theFallbackBeginsWhenTheLeaseEndsAndNotAtABeat() {
        world.fallback = 0;
        startWith(3); // the engine hangs from here on
        world.advance(13.4);
        assertThat(world.share()).isEqualTo(3);
        world.advance(0.1);
        assertThat(world.share()).as("13.5 s after the call that was answered").isZero();
    }

    // ---- endpoints that come and go

    @Test
    void aReplyToALineThatIsGoneDoesNotForgetItsSuccessor() {
        startWith(3);
        world.held = 0;
        world.demand(0);
        long version = world.shares.get(world.shares.size() - 1).version();
        world.keeper().gone(A, version);
        world.advance(0.02);
        world.reply(0); // the line is forgotten
        world.takesShares = false;
        world.tell(0, 0); // it joins again
        world.takesShares = true;
        version = world.shares.get(world.shares.size() - 1).version();
        world.advance(0.02);
        Batch inFlight = world.last();
        world.keeper().gone(A, version);
        world.wanted = 5;
        world.tell(0, 0);
        world.replyWith(inFlight, new Grant(KEY, 0, Grant.NO_TARGET, 0, world.cap, 0));
        world.advance(0.02);
        assertThat(world.last().claims()).extracting(Claim::wanted).containsExactly(5);
        world.reply(5);
        assertThat(world.share()).isEqualTo(5);
    }

    @Test
    void aPoolThatKeepsToLessThanItsShareIsNotToldMoreWhileTheEngineIsAway() {
        startWith(3);
        world.advance(4.5);
        world.fail();
        world.takesShares = false;
        int before = world.shares.size();
        world.tell(world.shares.get(before - 1).version(), 0); // the pool is closed
        for (int i = before; i < world.shares.size() && i < before + 10; i++) {
            world.tell(world.shares.get(i).version(), 0);
        }
        assertThat(world.shares.size() - before).isLessThanOrEqualTo(1);
    }

    // ---- a clock and labels of the user's

    @Test
    void aClockThatRefusesDoesNotEndTheKeeper() {
        startWith(3);
        world.refusals = 1;
        world.demand(5); // the system's clock gathers in its place
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        int before = world.batches.size();
        while (world.batches.size() == before && System.nanoTime() - until < 0) {
            Thread.onSpinWait();
        }
        assertThat(world.batches.size()).isGreaterThan(before);
    }

    @Test
    void aClockThatRefusesTheTimersOfACallDoesNotHoldItBack() {
        startWith(3);
        world.demand(5);
        world.refusals = 3; // the timeout, the heartbeat
        world.advance(0.02);
        world.refusals = 0;
        assertThat(world.last().claims()).extracting(Claim::wanted).containsExactly(5);
        world.reply(5);
        assertThat(world.share()).isEqualTo(5);
    }

    @Test
    void noCodeOfTheUsersRunsUnderTheLock() throws InterruptedException {
        startWith(3);
        var wasBlocked = new AtomicBoolean();
        var asked = new AtomicBoolean();
        world.onUserCode = () -> {
            asked.set(true);
            var done = new CountDownLatch(1);
            var other = new Thread(() -> {
                world.keeper().gone("none", 0); // takes the lock, and changes nothing
                done.countDown();
            });
            other.start();
            try {
                wasBlocked.compareAndSet(false, !done.await(2, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        world.demand(5);
        world.advance(0.02);
        world.replyWith(world.last(), new Grant(KEY, 3, 1, 1, 7, 0)); // another cap, and a target
        world.advance(5);
        var unused = world.keeper().close(Duration.ofSeconds(1));
        world.onUserCode = () -> {};
        assertThat(asked).isTrue();
        assertThat(wasBlocked).isFalse();
    }

    // ---- what the ledger knows

    @Test
    void whatItHoldsBeyondItsGrantIsClaimedAndNotInTheSum() { // F6
        startWith(8);
        world.advance(5);
        world.replyWith(world.last(), new Grant(KEY, 3, Grant.NO_TARGET, 0, 10, 0)); // others have the rest by now
        int before = world.batches.size();
        world.demand(8);
        world.advance(5);
        assertThat(world.batches.size()).isGreaterThan(before);
        assertThat(world.last().claims()).extracting(Claim::share).containsExactly(8);
        assertThat(world.last().sum()).as("as the ledger has it").isEqualTo(3);
    }

    @Test
    void whatItWasGrantedIsInTheSumThoughTheCallDoesNotNameIt() { // F6
        startWith(8);
        world.advance(5);
        assertThat(world.last().claims()).isEmpty();
        assertThat(world.last().sum()).isEqualTo(8);
    }

    @Test
    void itGivesBackWhileTheLedgerLearns() { // F8: others may have it
        startWith(6);
        world.held = 2;
        world.advance(5);
        world.replyLearning(false, new Grant(KEY, 6, Grant.NO_TARGET, 1, 10, 0));
        world.demand(2);
        world.advance(0.02);
        assertThat(world.last().claims()).extracting(Claim::share).containsExactly(2);
    }

    @Test
    void itGivesNothingBackBeforeItHasRestated() { // F5: the ledger would not know that it was free
        startWith(6);
        world.held = 2;
        world.advance(5);
        world.replyLearning(true, new Grant(KEY, 6, Grant.NO_TARGET, 1, 10, 0));
        world.demand(2);
        world.advance(0.02);
        assertThat(world.last().kind()).isEqualTo(Batch.Kind.RESTATEMENT);
        assertThat(world.last().claims()).extracting(Claim::share).containsExactly(6);
        world.replyLearning(false, new Grant(KEY, 6, Grant.NO_TARGET, 1, 10, 0));
        world.advance(0.02);
        assertThat(world.last().kind()).isEqualTo(Batch.Kind.CHANGES);
        assertThat(world.last().claims()).extracting(Claim::share).containsExactly(2);
    }

    // ---- caps

    @Test
    void aCapOfAHigherVersionIsNotClaimedUnderTheOwnOne() {
        startWith(3);
        world.demand(9);
        world.advance(0.02);
        world.replyWith(world.last(), new Grant(KEY, 4, Grant.NO_TARGET, 1, 4, 7));
        world.demand(8);
        world.advance(5);
        Claim claim = world.last().claims().get(0);
        assertThat(claim.cap()).isEqualTo(10);
        assertThat(claim.wanted()).isEqualTo(4);
    }

    @Test
    void aStableDemandGrowsWithTheCap() {
        startWith(3);
        world.demand(20);
        world.advance(0.02);
        assertThat(world.last().claims().get(0).wanted()).isEqualTo(10);
        world.replyWith(world.last(), new Grant(KEY, 10, Grant.NO_TARGET, 0, 20, 7));
        world.advance(0.02);
        assertThat(world.last().claims().get(0).wanted()).isEqualTo(20);
        world.replyWith(world.last(), new Grant(KEY, 20, Grant.NO_TARGET, 0, 20, 7));
        assertThat(world.share()).isEqualTo(20);
    }

    // ---- what is lost, and what is small

    @Test
    void aShareThatThePoolHasNotTakenIsToldAgain() {
        startWith(3);
        world.takesShares = false; // an error in the pool
        world.demand(5);
        world.advance(0.02);
        world.reply(5);
        int before = world.shares.size();
        assertThat(world.share()).isEqualTo(5);
        world.takesShares = true;
        for (int i = 0; i < 2; i++) {
            world.advance(5);
            world.reply(5);
        }
        assertThat(sharesSince(before)).extracting(Share::connections).containsExactly(5);
    }

    @Test
    void idleConnectionsGoAtOnceWhateverTheClockShows() {
        startWith(6);
        world.demand(1); // five of them are idle
        world.advance(0.02);
        int before = world.shares.size();
        world.replyWith(world.last(), new Grant(KEY, 6, Grant.NO_TARGET, 1, 10, 0)); // another process waits
        assertThat(sharesSince(before)).extracting(Share::connections).containsExactly(1);
    }

    @Test
    void aHintThatNamesNothingAsksForAllThatStarves() {
        startWith(3);
        world.demand(5);
        world.advance(0.02);
        world.replyWith(world.last(), new Grant(KEY, 3, Grant.NO_TARGET, 1, 10, 0));
        int before = world.batches.size();
        Objects.requireNonNull(world.hints).hint(List.of());
        world.advance(0.02);
        assertThat(world.batches.size()).isEqualTo(before + 1);
        assertThat(world.last().claims()).hasSize(1);
    }
}
