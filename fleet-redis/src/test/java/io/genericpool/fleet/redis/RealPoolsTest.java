package io.genericpool.fleet.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.AcquireTimeoutException;
import io.genericpool.Lease;
import io.genericpool.fleet.WhenUnreachable;
import io.genericpool.spi.PoolClock;
import io.genericpool.testkit.RealWait;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pools that share a cap through a real Redis, beside a server that counts its connections. */
@Timeout(120)
class RealPoolsTest {
    private static final int CAP = 5;
    private static final Duration PATIENCE = Duration.ofNanos(RealWait.NANOS);

    private final List<Member> members = new ArrayList<>();
    private RedisProcess redis;
    private CountingServer server;

    @BeforeEach
    void start() throws IOException {
        redis = new RedisProcess();
        server = new CountingServer();
    }

    @AfterEach
    void stop() throws IOException {
        members.forEach(Member::close);
        server.close();
        redis.close();
        assertThat(server.most()).as("the cap of the fleet").isLessThanOrEqualTo(CAP);
    }

    private Member member() {
        return member(redis.uri(), Member.Kind.PLAIN);
    }

    private Member member(URI uri, Member.Kind kind) {
        RedisEngine engine =
                RedisEngine.builder(uri).timeout(Duration.ofMillis(900)).build();
        var member = new Member(engine, server, CAP, kind);
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

    private List<Lease<String, Socket>> take(Member member, int connections) {
        List<Lease<String, Socket>> leases = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            leases.add(member.take(PATIENCE));
        }
        return leases;
    }

    @Test
    void threePoolsNeverHaveMoreThanTheCapTogether() {
        for (int i = 0; i < 3; i++) {
            member().work(CAP);
        }
        awaitUses(300);
        assertThat(server.most()).isEqualTo(CAP);
    }

    @Test
    void morePoolsThanConnectionsTakeTurns() {
        for (int i = 0; i < CAP + 2; i++) {
            member().work(1);
        }
        awaitUses(20);
    }

    @Test
    void lostHintsRepeatedAndLateCallsAndAClockThatIsWrongDoNoHarm() {
        member().work(CAP);
        member(redis.uri(), new Member.Kind(true, WhenUnreachable.KEEP, PoolClock.system()))
                .work(CAP);
        member(redis.uri(), new Member.Kind(true, WhenUnreachable.KEEP, new WrongClock(Duration.ofHours(1))))
                .work(CAP);
        member(redis.uri(), new Member.Kind(false, WhenUnreachable.KEEP, new WrongClock(Duration.ofHours(-1))))
                .work(CAP);
        awaitUses(200);
    }

    @Test
    void whatAPoolGivesBackIsAtOnceFreeForOthers() {
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
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .as("hints are quicker than heartbeats, or at least as quick")
                .isLessThan(Member.HEARTBEAT.multipliedBy(3));
    }

    @Test
    void aKilledPoolsConnectionsAreFreeSoonAfterItsLease() throws Exception {
        Member a = member();
        Member b = member();
        take(a, CAP);
        long killed = System.nanoTime();
        a.kill();
        List<Lease<String, Socket>> leases = take(b, CAP);
        Duration after = Duration.ofNanos(System.nanoTime() - killed);
        assertThat(after).isLessThan(Member.LEASE.plusSeconds(2));
        leases.forEach(Lease::release);
    }

    @Test
    void aPoolThatIsClosedGivesAllBackAtOnce() {
        Member a = member();
        Member b = member();
        take(a, CAP).forEach(Lease::release);
        a.close();
        long start = System.nanoTime();
        take(b, CAP);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Member.LEASE);
    }

    @Test
    void redisIsKilledAndComesBackWithItsData() throws Exception {
        playOutage(() -> redis.kill(), () -> redis.start());
    }

    @Test
    void redisIsKilledAndComesBackWithoutItsData() throws Exception {
        playOutage(() -> redis.kill(), () -> {
            redis.loseData();
            redis.start();
        });
    }

    @Test
    void redisStandsStillForLongerThanALease() throws Exception {
        playOutage(() -> redis.signal("STOP"), () -> redis.signal("CONT"));
    }

    private interface Step {
        void run() throws Exception;
    }

    /** The pools work before it, go on with what they have during it, and move their shares after it. */
    private void playOutage(Step begin, Step end) throws Exception {
        Member a = member();
        Member b = member();
        a.work(CAP);
        awaitShare(a, CAP);
        b.work(CAP);
        await("b has its level", () -> b.share() >= CAP / 2 && b.uses() > 20);
        begin.run();
        await("unreachable", () -> !isReachable(a) && !isReachable(b));
        awaitUses(50);
        TimeUnit.NANOSECONDS.sleep(Member.LEASE.plusMillis(500).toNanos()); // the outage, in real time
        awaitUses(50);
        Member newcomer = member();
        assertThatThrownBy(() -> newcomer.take(Duration.ofMillis(200))).isInstanceOf(AcquireTimeoutException.class);
        end.run();
        await("reachable", () -> isReachable(a) && isReachable(b) && isReachable(newcomer));
        newcomer.work(2);
        awaitUses(50);
    }

    private static void awaitShare(Member member, int connections) {
        await("share of " + connections, () -> member.share() >= connections);
    }

    private static boolean isReachable(Member member) {
        return member.pool.stats().sharedLimitsReachable();
    }

    @Test
    void aPoolThatIsCutOffClosesWhatOthersWillBeGranted() throws Exception {
        try (var cable = new Cable(redis.port())) {
            URI detour = URI.create("redis://127.0.0.1:" + cable.port());
            Member a = member(detour, new Member.Kind(false, WhenUnreachable.NONE, PoolClock.system()));
            Member b = member();
            take(a, CAP).forEach(Lease::release);
            long cut = System.nanoTime();
            cable.cut();
            List<Lease<String, Socket>> leases = take(b, CAP);
            assertThat(Duration.ofNanos(System.nanoTime() - cut)).isLessThan(Member.LEASE.plusSeconds(2));
            leases.forEach(Lease::release);
            cable.mend();
            take(a, 1);
        }
    }
}
