package io.genericpool.testkit.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.AcquireTimeoutException;
import io.genericpool.ConnectionPool;
import io.genericpool.Lease;
import io.genericpool.spi.ConnectionManager;
import io.genericpool.spi.shared.FleetEngine;
import io.genericpool.testkit.RealWait;
import io.genericpool.testkit.fleet.Member.Kind;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Pools that share a cap through a real engine, beside a server that counts its connections, as a JUnit 5 suite to extend.
 * The pools stand for processes. The engine's store is killed, loses its data, stands still and is cut off; pools are
 * killed, paused, closed and replaced. The server never counts more than the cap, except where a test says so.
 *
 * <p>The suite takes real time, one to two minutes in all. One store serves all tests of a class. Not to be run in
 * parallel.
 */
@Timeout(120)
public abstract class FleetPoolsContract {
    private static final int CAP = 5;
    private static final Kind PLAIN = Kind.plain(CAP);
    private static final Duration PATIENCE = Duration.ofNanos(RealWait.NANOS);

    private static final String FLEET = "fleet-" + UUID.randomUUID();

    private final List<Member> members = new ArrayList<>();
    private final CountingServer server = new CountingServer();
    /** How many connections the server may have counted at most. */
    private int most = CAP;
    /** Brings the store back, if a test has failed while it was away. */
    private Step repair = () -> {};

    private interface Step {
        void run() throws Exception;
    }

    /** Creates the suite; for subclasses. */
    protected FleetPoolsContract() {}

    // ---- what a subclass gives

    /**
     * Makes an engine with connections of its own. A call must fail within less than a second.
     *
     * @param port where the store is, on the loopback address: {@link #port}, or that of a proxy before it
     * @return a new engine; the suite closes it
     */
    protected abstract FleetEngine engine(int port);

    /**
     * Builds a pool with {@code sharedLimits}.
     *
     * @param manager connects to the server that counts
     * @param knobs what to build it with
     * @return a new pool; the suite closes it
     */
    protected abstract ConnectionPool<String, Socket> pool(
            ConnectionManager<String, Socket> manager, MemberKnobs knobs);

    /**
     * Returns where the store listens.
     *
     * @return the port, the same after a restart
     */
    protected abstract int port();

    /**
     * Ends the store at once, without a word to its clients.
     *
     * @throws Exception if that fails
     */
    protected abstract void kill() throws Exception;

    /**
     * Starts the store after {@link #kill}, and returns when it answers.
     *
     * @param withData whether the ledger is as it was; without, it is empty
     * @throws Exception if that fails
     */
    protected abstract void start(boolean withData) throws Exception;

    /**
     * Stops the store as the signal STOP does: connections stay open and nothing is answered.
     *
     * @throws Exception if that fails
     */
    protected abstract void pause() throws Exception;

    /**
     * Lets it go on after {@link #pause}.
     *
     * @throws Exception if that fails
     */
    protected abstract void resume() throws Exception;

    // ---- means

    /** A ledger that is new grants nothing for a lease, nor does it grant what a killed pool had until then. */
    @BeforeEach
    final void awaitFreeLedger() {
        awaitFreeLedger(PLAIN);
    }

    private void awaitFreeLedger(Kind kind) {
        Member first = member(kind);
        take(first, kind.cap()).forEach(Lease::release);
        first.close();
        members.remove(first);
    }

    @AfterEach
    final void stop() throws Exception {
        repair.run();
        members.forEach(Member::close);
        server.close();
        assertThat(server.most()).as("connections that the server has counted").isLessThanOrEqualTo(most);
    }

    private Member member() {
        return member(PLAIN);
    }

    private Member member(Kind kind) {
        return member(kind, port());
    }

    private Member member(Kind kind, int port) {
        var member = new Member(engine(port), FLEET + "-" + kind.cap(), server, kind, this::pool);
        members.add(member);
        return member;
    }

    private static void await(String what, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - start).as(what).isLessThan(RealWait.NANOS);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
    }

    /** Each member uses so many connections from now on. */
    private void awaitUses(int more) {
        List<Integer> before = members.stream().map(Member::uses).toList();
        for (int i = 0; i < before.size(); i++) {
            Member member = members.get(i);
            int goal = before.get(i) + more;
            await("uses of member " + i, () -> member.uses() >= goal);
        }
    }

    private static List<Lease<String, Socket>> take(Member member, int connections) {
        List<Lease<String, Socket>> leases = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            leases.add(member.take(PATIENCE));
        }
        return leases;
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** An outage or a pause, in real time. */
    private static void letALeasePass() throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(Member.LEASE.plusMillis(500).toNanos());
    }

    // ---- without a fault of the store

    @Test
    final void threePoolsNeverHaveMoreThanTheCapTogether() {
        for (int i = 0; i < 3; i++) {
            member().work(CAP);
        }
        awaitUses(300);
        assertThat(server.most()).isEqualTo(CAP);
    }

    @Test
    final void morePoolsThanConnectionsTakeTurns() {
        for (int i = 0; i < CAP + 2; i++) {
            member().work(1);
        }
        awaitUses(20);
    }

    @Test
    final void lostHintsRepeatedAndLateCallsAndAClockThatIsWrongDoNoHarm() {
        member().work(CAP);
        member(PLAIN.withLosses()).work(CAP);
        member(PLAIN.withLosses().withClockOff(Duration.ofHours(1))).work(CAP);
        member(PLAIN.withClockOff(Duration.ofHours(-1))).work(CAP);
        awaitUses(200);
    }

    @Test
    final void whatAPoolGivesBackIsAtOnceFreeForOthers() {
        Member a = member();
        Member b = member();
        List<Lease<String, Socket>> leases = take(a, CAP);
        assertThatThrownBy(() -> b.take(Duration.ofMillis(300)))
                .isInstanceOf(AcquireTimeoutException.class)
                .hasMessageContaining("limit of the fleet")
                .hasMessageContaining("0 of " + CAP);
        leases.forEach(Lease::release);
        long start = System.nanoTime();
        take(b, 2).forEach(Lease::release);
        assertThat(since(start))
                .as("hints are quicker than heartbeats, or at least as quick")
                .isLessThan(Member.HEARTBEAT.multipliedBy(3));
    }

    @Test
    final void aKilledPoolsConnectionsAreFreeSoonAfterItsLease() {
        Member a = member();
        Member b = member();
        List<Lease<String, Socket>> lost = take(a, CAP);
        long killed = System.nanoTime();
        a.kill();
        List<Lease<String, Socket>> leases = take(b, CAP);
        assertThat(since(killed)).isLessThan(Member.LEASE.plusSeconds(2));
        leases.forEach(Lease::release);
        lost.forEach(Lease::release);
    }

    @Test
    final void aPoolThatIsClosedGivesAllBackAtOnce() {
        Member a = member();
        Member b = member();
        take(a, CAP).forEach(Lease::release);
        a.close();
        long start = System.nanoTime();
        take(b, CAP).forEach(Lease::release);
        assertThat(since(start)).isLessThan(Member.LEASE);
    }

    /** At the cap all the time: ten pools hold two connections each, and one after the other is replaced. */
    @Test
    final void aRollingUpdateAtTheCapServesEachNewPoolInTimeAndLosesNoRequest() throws InterruptedException {
        int cap = 20;
        most = cap;
        // 5 s is the aim. A machine that has much else to do may miss that, and the heartbeats of a short lease as
        // well.
        Duration target = Duration.ofSeconds(20);
        Kind kind = Kind.plain(cap).withMinIdle(2).withPatience(target).withGrace(Duration.ofSeconds(5));
        awaitFreeLedger(kind);
        for (int i = 0; i < 10; i++) {
            member(kind).work(3);
        }
        awaitUses(20);
        await("the cap is used up", () -> server.open() == cap);
        List<Member> old = List.copyOf(members);
        for (Member before : old) {
            long start = System.nanoTime();
            Member next = member(kind);
            next.work(3);
            await("the first use", () -> next.uses() > 0);
            assertThat(since(start)).as("until the first use").isLessThan(target);
            before.drain();
        }
        members.removeAll(old);
        awaitUses(20);
        assertThat(Stream.concat(old.stream(), members.stream()).map(Member::failures))
                .as("requests that were lost")
                .containsOnly(0);
        await("the cap is used up", () -> server.open() == cap);
    }

    // ---- a pool that is paused

    @Test
    final void aPoolThatIsPausedWithinItsGraceKeepsWhatItHas() {
        Kind kind = PLAIN.withGrace(Duration.ofSeconds(20));
        Member a = member(kind);
        Member b = member(kind);
        List<Lease<String, Socket>> leases = take(a, CAP);
        a.pause();
        assertThatThrownBy(() -> b.take(Member.LEASE.plusSeconds(1))).isInstanceOf(AcquireTimeoutException.class);
        a.resume();
        leases.forEach(Lease::release);
        take(b, 1).forEach(Lease::release);
    }

    /** The cap is exceeded by what it had, until it has closed that: at once what is idle, and the rest at the release. */
    @Test
    final void aPoolThatWasPausedForLongerClosesWhatOthersHaveByNow() {
        most = 2 * CAP;
        Member a = member();
        Member b = member();
        List<Lease<String, Socket>> leases = take(a, CAP);
        leases.remove(0).release();
        leases.remove(0).release();
        a.pause();
        List<Lease<String, Socket>> others = take(b, CAP);
        a.resume();
        await("the idle ones go", () -> server.open() <= CAP + leases.size());
        assertThat(leases).allMatch(lease -> lease.connection().isConnected());
        leases.forEach(Lease::release);
        await("the others go as they are released", () -> server.open() <= CAP);
        others.forEach(Lease::release);
        take(a, 1).forEach(Lease::release);
        assertThat(server.open()).isLessThanOrEqualTo(CAP);
    }

    // ---- faults of the store

    @Test
    final void theStoreIsKilledAndComesBackWithItsData() throws Exception {
        playOutage(this::kill, () -> start(true));
    }

    @Test
    final void theStoreIsKilledAndComesBackWithoutItsData() throws Exception {
        playOutage(this::kill, () -> start(false));
    }

    @Test
    final void theStoreStandsStillForLongerThanALease() throws Exception {
        playOutage(this::pause, this::resume);
    }

    /** The pools work before it, go on with what they have during it, and move their shares after it. */
    private void playOutage(Step begin, Step end) throws Exception {
        Member a = member();
        Member b = member();
        a.work(CAP);
        await("a has all", () -> a.share() >= CAP);
        b.work(CAP);
        await("b has its level", () -> b.share() >= CAP / 2 && b.uses() > 20);
        repair = end;
        begin.run();
        await("unreachable", () -> !a.isReachable() && !b.isReachable());
        awaitUses(50);
        letALeasePass();
        awaitUses(50);
        Member newcomer = member();
        assertThatThrownBy(() -> newcomer.take(Duration.ofMillis(200))).isInstanceOf(AcquireTimeoutException.class);
        end.run();
        repair = () -> {};
        await("reachable", () -> a.isReachable() && b.isReachable() && newcomer.isReachable());
        newcomer.work(2);
        awaitUses(50);
    }

    // ---- a pool that is cut off

    @Test
    final void aPoolThatIsCutOffClosesWhatOthersWillBeGranted() throws Exception {
        try (var cable = new Cable(port())) {
            Member a = member(PLAIN.withoutKeeping(), cable.port());
            Member b = member();
            take(a, CAP).forEach(Lease::release);
            long cut = System.nanoTime();
            cable.cut();
            List<Lease<String, Socket>> leases = take(b, CAP);
            assertThat(since(cut)).isLessThan(Member.LEASE.plusSeconds(2));
            leases.forEach(Lease::release);
            cable.mend();
            take(a, 1).forEach(Lease::release);
        }
    }

    /** The cap is exceeded by what it has, until it hears from the ledger. */
    @Test
    final void aPoolThatIsCutOffAndKeepsItsShareComesBackToTheCap() throws Exception {
        most = 2 * CAP;
        try (var cable = new Cable(port())) {
            Member a = member(PLAIN, cable.port());
            Member b = member();
            take(a, CAP).forEach(Lease::release);
            cable.cut();
            List<Lease<String, Socket>> leases = take(b, CAP);
            take(a, CAP).forEach(Lease::release); // it goes on with what it has
            cable.mend();
            await("a closes what others have", () -> server.open() <= CAP);
            leases.forEach(Lease::release);
            take(a, 1).forEach(Lease::release);
            assertThat(server.open()).isLessThanOrEqualTo(CAP);
        }
    }
}
