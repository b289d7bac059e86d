package io.genericpool.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.ConnectionCreateException;
import io.genericpool.EndpointUnavailableException;
import io.genericpool.Lease;
import io.genericpool.core.ConnectionPools;
import io.genericpool.spi.ConnectGovernor;
import io.genericpool.spi.ConnectGovernor.Verdict;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.FakePoolClock;
import io.genericpool.testkit.ManualExecutor;
import io.genericpool.testkit.ScriptedManager;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the README shows of governors: a rate for any manager, and both together. */
@Timeout(60)
class GovernedTest {
    @Test
    void anyManagerCanBeHeldToARate() {
        var clock = new FakePoolClock();
        var tasks = new ManualExecutor();
        var manager = ScriptedManager.<String>plain();
        try (var pool = ConnectionPools.builder(manager)
                .clock(clock)
                .connectExecutor(tasks)
                .completionExecutor(tasks)
                .backgroundCollector(false)
                .connectGovernor(new RateGovernor<String>(3, Duration.ofSeconds(3), clock))
                .build()) {
            var requests = new ArrayList<CompletableFuture<Lease<String, FakeConnection<String>>>>();
            for (int i = 0; i < 6; i++) {
                requests.add(pool.connectionAsync("a"));
            }
            tasks.runAll();
            assertThat(manager.server().createsStarted()).as("the burst").isEqualTo(3);
            for (int second = 1; second <= 3; second++) {
                clock.advance(Duration.ofSeconds(1));
                tasks.runAll();
                assertThat(manager.server().createsStarted())
                        .as("second %s", second)
                        .isEqualTo(3 + second);
            }
            assertThat(requests).allMatch(request -> request.isDone() && !request.isCompletedExceptionally());
            requests.forEach(request -> request.join().release());
            clock.autoAdvance(tasks::runAll);
        }
    }

    @Test
    void aConnectThatIsNotMadeAfterAllCostsNothing() {
        var clock = new FakePoolClock();
        var rate = new RateGovernor<String>(1, Duration.ofMinutes(1), clock);
        ConnectGovernor<String> others = (endpoint, now) -> Verdict.refuseFor(Duration.ofSeconds(1), null);
        assertThat(ConnectGovernor.<String>all(rate, others)
                        .beforeConnect("a", 0)
                        .kind())
                .isEqualTo(Verdict.Kind.REFUSE);
        assertThat(rate.peek("a", 0).kind()).isEqualTo(Verdict.Kind.PROCEED);
        assertThat(rate.beforeConnect("a", 0).kind()).isEqualTo(Verdict.Kind.PROCEED);
        assertThat(rate.peek("a", 0).kind()).isEqualTo(Verdict.Kind.WAIT);
    }

    @Test
    void endpointsThatAreNotConnectedToAnyMoreAreForgotten() {
        var clock = new FakePoolClock();
        var rate = new RateGovernor<Integer>(1, Duration.ofSeconds(1), clock);
        for (int endpoint = 0; endpoint < 100_000; endpoint++) {
            rate.beforeConnect(endpoint, 0);
            clock.advance(Duration.ofMillis(10));
        }
        assertThat(rate.remembered()).isLessThanOrEqualTo(2_048);
    }

    @Test
    void afterThreeFailuresTheExampleFailsFast() throws Exception {
        InetSocketAddress nobody;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = new InetSocketAddress(socket.getInetAddress(), socket.getLocalPort());
        }
        try (var pool = Governed.newPool(new MyOwnManager())) {
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> pool.connection(nobody)).isInstanceOf(ConnectionCreateException.class);
            }
            assertThatThrownBy(() -> pool.connection(nobody)).isInstanceOf(EndpointUnavailableException.class);
        }
    }
}
