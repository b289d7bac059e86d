package io.genericpool.core.jmx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.ConnectionPool;
import io.genericpool.core.ConnectionPoolBuilder;
import io.genericpool.core.ConnectionPools;
import io.genericpool.group.Routing;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.FakePoolClock;
import io.genericpool.testkit.ScriptedManager;
import io.genericpool.testkit.fleet.FixedShares;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import javax.management.JMX;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXConnectorServerFactory;
import javax.management.remote.JMXServiceURL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A pool behind JMX, over a real connector on loopback. */
@Timeout(60)
class PoolMXBeanTest {
    private static final String DOMAIN = "io.genericpool:type=Pool,name=";

    private final FakePoolClock clock = new FakePoolClock();
    private final ScriptedManager<String> manager = ScriptedManager.plain();

    private ConnectionPool<String, FakeConnection<String>> open(
            String name, UnaryOperator<ConnectionPoolBuilder<String, FakeConnection<String>>> knobs) {
        return knobs.apply(ConnectionPools.builder(manager)
                        .name(name)
                        .clock(clock)
                        .connectExecutor(Runnable::run)
                        .completionExecutor(Runnable::run)
                        .endpointLabel(endpoint -> "<" + endpoint.charAt(0) + ">"))
                .build();
    }

    private static Set<ObjectName> registered() throws Exception {
        return ManagementFactory.getPlatformMBeanServer().queryNames(new ObjectName("io.genericpool:*"), null);
    }

    @SuppressWarnings("BanJNDI") // the connector is this test's own
    @Test
    void aClientReadsThePoolAndOperatesIt() throws Exception {
        var server = JMXConnectorServerFactory.newJMXConnectorServer(
                new JMXServiceURL("service:jmx:rmi://127.0.0.1"), null, ManagementFactory.getPlatformMBeanServer());
        server.start();
        try (var pool = open("orders \"one\", *", knobs -> knobs.registerMBean(true));
                var connector = JMXConnectorFactory.connect(server.getAddress())) {
            var lease = pool.connection("a");
            pool.connection("b").release();
            clock.advance(Duration.ofMillis(1_500));
            MBeanServerConnection remote = connector.getMBeanServerConnection();
            var name = new ObjectName(DOMAIN + ObjectName.quote("orders \"one\", *"));
            PoolMXBean bean = JMX.newMXBeanProxy(remote, name, PoolMXBean.class);

            assertThat(bean.getName()).isEqualTo("orders \"one\", *");
            assertThat(bean.getLeased()).isEqualTo(1);
            assertThat(bean.getIdle()).isEqualTo(1);
            assertThat(bean.getTotalMaxSize()).isEqualTo(100);
            assertThat(bean.getGranted()).isEqualTo(2);
            assertThat(bean.getLongestHeldMillis()).isBetween(500L, 2_500L);
            assertThat(bean.getEndpointStats()).hasSize(2);
            var rows = (CompositeData[]) remote.getAttribute(name, "EndpointStats");
            assertThat(rows[0].get("endpoint")).isEqualTo("<a>");
            assertThat(rows[0].get("leased")).isEqualTo(1);
            assertThat(rows[0].get("circuit")).isEqualTo("CLOSED");

            bean.evict("<b>");
            assertThat(pool.stats().idle()).isZero();
            bean.warmUp("<a>", 3);
            assertThat(pool.stats("a").orElseThrow().total()).isEqualTo(3);
            bean.resize("<a>", 2);
            assertThat(pool.stats("a").orElseThrow().limits().maxSize()).isEqualTo(2);
            bean.resizeTotal(50);
            assertThat(pool.stats().totalMaxSize()).isEqualTo(50);
            bean.suspend("<a>", "FAIL");
            assertThat(pool.stats("a").orElseThrow().isSuspended()).isTrue();
            bean.resume("<a>");
            assertThat(pool.stats("a").orElseThrow().isSuspended()).isFalse();
            bean.evictAll();
            lease.release();
            assertThat(pool.stats().total()).isZero();

            assertThatThrownBy(() -> bean.evict("<z>"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("has the label <z>");
            assertThatThrownBy(() -> bean.suspend("<a>", "LATER")).hasMessageContaining("WAIT or FAIL");
            assertThatThrownBy(() -> bean.resizeTotal(0)).isInstanceOf(IllegalArgumentException.class);
        } finally {
            server.stop();
        }
        assertThat(registered()).isEmpty();
    }

    @Test
    void sharesAndGroupsAreShown() throws Exception {
        var shares = new FixedShares<String>(3);
        try (var pool = open("fleet", knobs -> knobs.registerMBean(true).sharedLimits(shares))) {
            PoolMXBean bean = bean("fleet");
            var group = pool.group("readers", Routing.inOrder(), "a", "b");
            group.connection().release();
            assertThat(bean.getShare()).as("no total is shared").isEqualTo(-1);
            assertThat(bean.isSharedLimitsReachable()).isTrue();
            shares.total(7);
            shares.reachable(new IOException("cut off"));
            clock.advance(Duration.ofMillis(1_500));
            assertThat(bean.getShare()).isEqualTo(7);
            assertThat(bean.isSharedLimitsReachable()).isFalse();
            assertThat(bean.getEndpointStats().get(0).getShare()).isEqualTo(3);
            assertThat(bean.getGroupStats()).hasSize(1);
            PoolMXGroup row = bean.getGroupStats().get(0);
            assertThat(row.getGroup()).isEqualTo("readers");
            assertThat(row.getLeases()).containsOnly(Map.entry("<a>", 1L), Map.entry("<b>", 0L));
            assertThat(row.getSpillOvers() + row.getHedges() + row.getRankingFailures())
                    .isZero();
            group.close();
            assertThat(bean.getGroupStats()).isEmpty();
        }
    }

    @Test
    void aPoolThatSharesNothingSaysSo() throws Exception {
        try (var pool = open("alone", knobs -> knobs.registerMBean(true))) {
            PoolMXBean bean = bean("alone");
            pool.connection("a").release();
            assertThat(bean.isSharedLimitsReachable()).isTrue();
            assertThat(bean.getShare()).isEqualTo(-1);
            assertThat(bean.getEndpointStats().get(0).getShare()).isEqualTo(-1);
            assertThat(bean.getGroupStats()).isEmpty();
        }
    }

    private static PoolMXBean bean(String pool) throws Exception {
        var name = new ObjectName(DOMAIN + ObjectName.quote(pool));
        return JMX.newMXBeanProxy(ManagementFactory.getPlatformMBeanServer(), name, PoolMXBean.class);
    }

    @Test
    void poolsOfOneNameAreNumberedAndAClosedOneMakesRoom() throws Exception {
        try (var first = open("twin", knobs -> knobs.registerMBean(true));
                var second = open("twin", knobs -> knobs.registerMBean(true))) {
            var plain = new ObjectName(DOMAIN + "\"twin\"");
            var numbered = new ObjectName(DOMAIN + "\"twin\",instance=2");
            assertThat(registered()).containsExactlyInAnyOrder(plain, numbered);
            first.close();
            first.close();
            assertThat(registered()).containsExactly(numbered);
            try (var third = open("twin", knobs -> knobs.registerMBean(true))) {
                assertThat(registered()).containsExactlyInAnyOrder(plain, numbered);
                assertThat(third.isClosed()).isFalse();
            }
            assertThat(second.isClosed()).isFalse();
        }
        assertThat(registered()).isEmpty();
    }

    @Test
    void aPoolIsNotRegisteredUnlessItIsAsked() throws Exception {
        try (var pool = open("private", knobs -> knobs)) {
            assertThat(pool.isClosed()).isFalse();
            assertThat(registered()).isEmpty();
        }
    }

    /** The module may be left out of a run-time image. */
    @Test
    void withoutTheModuleOnlyAPoolThatIsToBeRegisteredFails() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--limit-modules",
                        "java.base,java.logging",
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WithoutManagement.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output)
                .contains(
                        "no management: registerMBean needs the module java.management, which is absent",
                        "no threads left",
                        "1 lease without registration");
    }
}
