package io.genericpool.core.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.AcquireTimeoutException;
import io.genericpool.ConnectionCreateException;
import io.genericpool.Lease;
import io.genericpool.PoolClosedException;
import io.genericpool.PoolConfig;
import io.genericpool.PoolExhaustedException;
import io.genericpool.SuspendMode;
import io.genericpool.core.support.PoolWorld;
import io.genericpool.testkit.Behaviour;
import io.genericpool.testkit.Operation;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A request that is not served says what bound it, in numbers that its reader can act on. */
@SuppressWarnings("FutureReturnValueIgnored") // they only take their places in the queue
class FailureMessageTest {
    private static final Duration SHORT = Duration.ofMillis(100);

    /** These tests have one thread. */
    private static String own(int leases) {
        return ", " + leases + " by the calling thread itself (a nested use needs one more)";
    }

    private static void assertTimesOut(PoolWorld world, String endpoint, String message) {
        assertThatThrownBy(() -> world.pool.connection(endpoint, SHORT))
                .isInstanceOf(AcquireTimeoutException.class)
                .hasMessage(message);
    }

    @Test
    void theMaxSizeOfItsEndpointAndForHowLongTheOldestLeaseIsHeld() {
        var world = PoolWorld.with(knobs -> knobs.maxSize(2).totalMaxSize(5).backgroundCollector(false));
        var first = world.lease("a");
        world.advance(Duration.ofSeconds(2));
        var second = world.lease("a");

        assertTimesOut(
                world,
                "a",
                "no connection to a within 100 ms: its 2 connections (maxSize) are in use, 2 of them leased" + own(2)
                        + ", the longest for 2.1 s; no request was ahead");
        world.ask("a", Duration.ofMinutes(1));
        assertTimesOut(
                world,
                "a",
                "no connection to a within 100 ms: its 2 connections (maxSize) are in use, 2 of them leased" + own(2)
                        + ", the longest for 2.2 s; 1 request was ahead");

        world.ask("a", Duration.ofMinutes(1));
        assertTimesOut(
                world,
                "a",
                "no connection to a within 100 ms: its 2 connections (maxSize) are in use, 2 of them leased" + own(2)
                        + ", the longest for 2.3 s; 2 requests were ahead");

        world.release(first);
        world.release(second);
        world.pool.evict("a");
        world.verify(2, 5);
    }

    @Test
    void howLongIsLeftOutWhenTheTickDoesNotTell() {
        var world = PoolWorld.with(knobs -> knobs.maxSize(1));
        var lease = world.lease("a");

        assertTimesOut(
                world,
                "a",
                "no connection to a within 100 ms: its 1 connections (maxSize) are in use, 1 of them leased" + own(1)
                        + "; no request was ahead");

        world.release(lease);
        world.verify(1, 100);
    }

    @Test
    void theTotalMaxSizeAndHowMuchOfItIsItsOwn() {
        var world = PoolWorld.with(knobs -> knobs.maxSize(2).totalMaxSize(3).backgroundCollector(false));
        var leases = world.leases("a", 2);
        leases.addAll(world.leases("b", 1));

        assertTimesOut(
                world,
                "b",
                "no connection to b within 100 ms: all 3 connections of the pool (totalMaxSize) are in use, 1 of them"
                        + " by this endpoint" + own(3) + ", the longest for 100 ms; no request was ahead");
        assertTimesOut(
                world,
                "c",
                "no connection to c within 100 ms: all 3 connections of the pool (totalMaxSize) are in use, 0 of them"
                        + " by this endpoint" + own(3) + "; no request was ahead");

        leases.forEach(world::release);
        world.verify(2, 3);
    }

    @Test
    void aConnectThatIsStillUnderWay() {
        var world = PoolWorld.with(knobs -> knobs.maxSize(4).backgroundCollector(false));
        var lease = world.lease("a");
        world.holdConnects(true);

        assertTimesOut(
                world,
                "a",
                "no connection to a within 100 ms: 1 of its 2 connections are still being made (maxSize 4), the"
                        + " longest for 100 ms; no request was ahead");

        world.holdConnects(false);
        world.release(lease);
        world.verify(4, 100);
    }

    @Test
    void theConnectThatFailedMeanwhileAndNoneThatFailedBefore() {
        var world = PoolWorld.with(knobs -> knobs.maxSize(1).backgroundCollector(false));
        var lease = world.lease("a");
        world.ask("a", Duration.ofMillis(50));
        world.advance(Duration.ofMillis(60));
        assertTimesOut(
                world,
                "a",
                "no connection to a within 100 ms: its 1 connections (maxSize) are in use, 1 of them leased" + own(1)
                        + ", the longest for 160 ms; no request was ahead");
        world.release(lease);
        world.pool.evict("a");
        world.settle();
        var refused = new IOException("refused");
        world.script(Operation.CREATE, Behaviour.fail(refused));
        assertThatThrownBy(() -> world.pool.connection("a"))
                .isInstanceOf(ConnectionCreateException.class)
                .hasMessage("no connection to a: the connection attempt failed: java.io.IOException: refused")
                .hasCause(refused);
        world.advance(Duration.ofMillis(1));

        world.holdConnects(true);
        assertThatThrownBy(() -> world.pool.connection("a", SHORT))
                .hasMessage("no connection to a within 100 ms: 1 of its 1 connections are still being made (maxSize 1);"
                        + " no request was ahead")
                .hasNoCause();

        world.verify(1, 100);
    }

    @Test
    void aTimeoutOfZeroAndASuspension() {
        var world = PoolWorld.with(knobs -> knobs.maxSize(1).backgroundCollector(false));
        assertThatThrownBy(() -> world.pool.connection("a", Duration.ZERO))
                .hasMessage("no connection to a within 0 ms: none was idle and the timeout is zero");
        var lease = world.lease("a");
        world.pool.suspend("a", SuspendMode.WAIT);

        assertTimesOut(
                world,
                "a",
                "no connection to a within 100 ms: the endpoint is suspended; resume(endpoint) ends that, the longest"
                        + " for 100 ms; no request was ahead");
        world.pool.resume("a");
        world.pool.suspend("a", SuspendMode.FAIL);
        assertThatThrownBy(() -> world.pool.connection("a", SHORT))
                .hasMessage("no connection to a: the endpoint is suspended; resume(endpoint) ends that");

        world.pool.resume("a");
        world.release(lease);
        world.verify(1, 100);
    }

    @Test
    void tooManyWaitersTooManyEndpointsAndAClosedPoolByItsName() {
        var world = PoolWorld.with(
                knobs -> knobs.name("orders").maxSize(1).maxWaiters(1).maxEndpoints(1));
        var lease = world.lease("a");
        world.ask("a");

        assertThatThrownBy(() -> world.pool.connection("a"))
                .isInstanceOf(PoolExhaustedException.class)
                .hasMessage("no connection to a: as many requests wait as maxWaiters allows (1)");
        assertThatThrownBy(() -> world.pool.connection("b"))
                .isInstanceOf(PoolExhaustedException.class)
                .hasMessage("no connection to b: pool orders holds as many endpoints as maxEndpoints allows (1)");

        world.release(lease);
        world.pool.evict("a");
        world.verify(1, 100);
        assertThatThrownBy(() -> world.pool.connection("a"))
                .isInstanceOf(PoolClosedException.class)
                .hasMessage("no connection to a: pool orders is closed");
    }

    @Test
    void anEndpointWhoseLabelFailsSaysSo() {
        var world = PoolWorld.with(knobs -> knobs.endpointLabel(endpoint -> {
            throw new IllegalStateException("secret");
        }));
        assertThatThrownBy(() -> world.pool.connection("a", Duration.ZERO))
                .hasMessage(
                        "no connection to ? (endpointLabel failed: java.lang.IllegalStateException) within 0 ms: none"
                                + " was idle and the timeout is zero");
        world.verify(10, 100);
    }

    @Test
    void aUseInsideAUseIsNamed() {
        var world = PoolWorld.with(knobs -> knobs.maxSize(1));
        assertThatThrownBy(() -> world.pool.use("a", outer -> world.pool.use("a", SHORT, inner -> 1)))
                .hasMessageContaining("1 of them leased" + own(1));
        assertThatThrownBy(() -> world.pool.use("a", outer -> world.pool.newConnection("a", SHORT)))
                .hasMessageContaining("1 of them leased" + own(1));
        world.release(world.lease("a"));
        world.verify(1, 100);
    }

    @Test
    void leasesOfOtherThreadsAreNotTheAskingThreads() throws Exception {
        var world = PoolWorld.with(knobs -> knobs.maxSize(2));
        world.release(world.lease("a"));
        var taken = new CompletableFuture<Lease<String, ?>>();
        var other =
                new Thread(() -> taken.complete(world.pool.tryConnection("a").orElseThrow()));
        other.start();
        var lease = taken.get(20, TimeUnit.SECONDS);
        var own = world.lease("a");
        assertTimesOut(
                world,
                "a",
                "no connection to a within 100 ms: its 2 connections (maxSize) are in use, 2 of them leased" + own(1)
                        + "; no request was ahead");
        world.release(own);
        world.release(lease);
        world.verify(2, 100);
    }

    @Test
    void theConfigurationReadsLikeOne() {
        var world = PoolWorld.with(knobs -> knobs.name("orders").maxSize(3).idleTimeout(Duration.ofMillis(1500)));
        assertThat(world.pool.config().toString())
                .startsWith("PoolConfig[name=orders, defaultLimits=")
                .contains(
                        "totalMaxSize=100, totalMaxConnects=256, totalMaxDisposals=256, maxEndpoints=no limit",
                        "idleTimeout=1.5 s",
                        "keepaliveInterval=no limit")
                .doesNotContain("@", "PT");
        world.verify(3, 100);
    }

    /** So that a knob that is added is not forgotten there. */
    @Test
    void theConfigurationNamesEveryKnob() {
        var world = PoolWorld.with(knobs -> {});
        String text = world.pool.config().toString();
        for (var knob : PoolConfig.class.getMethods()) {
            if (!Executor.class.isAssignableFrom(knob.getReturnType())) {
                assertThat(text).contains(knob.getName() + "=");
            }
        }
        world.verify(10, 100);
    }

    @Test
    void aSuspendedEndpointSaysSoInItsStatistics() {
        var world = PoolWorld.with(knobs -> {});
        world.release(world.lease("a"));
        assertThat(world.stats("a").toString()).startsWith("a: ");
        world.pool.suspend("a", SuspendMode.WAIT);
        assertThat(world.stats("a").toString()).startsWith("a (suspended): ");
        world.verify(10, 100);
    }
}
