package io.genericpool.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PrometheusScrapeTest {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final List<String> refused = new ArrayList<>();

    PrometheusScrapeTest() {
        registry.config().onMeterRegistrationFailed((id, reason) -> refused.add(id + ": " + reason));
    }

    @Test
    void aScrapeTellsWhatThePoolDoes() throws Exception {
        PoolTimers timers = PoolTimers.connectsWaitsAndLeases();
        try (TestPool test = new TestPool("orders", knobs -> knobs.maxSize(1).listener(timers))) {
            test.metrics().endpoints().timers(timers).build().bindTo(registry);
            test.touch("a");
            var held = test.pool.connectionAsync("a");
            var waiting = test.pool.connectionAsync("a");
            test.pass(Duration.ofSeconds(3));
            Scrape scrape = settled();
            assertThat(scrape.value("genericpool_connections", "pool", "orders", "state", "leased"))
                    .isEqualTo(1);
            assertThat(scrape.value("genericpool_waiters", "pool", "orders")).isEqualTo(1);
            assertThat(scrape.value("genericpool_leases_longest_seconds")).isEqualTo(3);
            assertThat(scrape.value("genericpool_connections_opened_total")).isEqualTo(1);
            assertThat(scrape.value("genericpool_acquires_total", "outcome", "granted"))
                    .isEqualTo(2);
            assertThat(scrape.value("genericpool_connect_seconds_count", "outcome", "opened"))
                    .isEqualTo(1);
            assertThat(scrape.value("genericpool_lease_seconds_count")).isEqualTo(1);
            assertThat(scrape.value("genericpool_endpoint_connections", "endpoint", "a", "state", "leased"))
                    .isEqualTo(1);
            assertThat(scrape.value("genericpool_endpoint_circuit", "endpoint", "a", "state", "closed"))
                    .isEqualTo(1);
            held.join().close();
            test.tasks.runAll();
            waiting.join().close();
        }
        assertThat(refused).isEmpty();
    }

    /** Rows of endpoints may be one scrape late. */
    private Scrape settled() throws Exception {
        assertThat(Scrape.of(registry).samples()).isNotEmpty();
        return Scrape.of(registry);
    }

    @Test
    void quotesAndNewLinesInLabelsAreEscaped() throws Exception {
        String endpoint = "a\"b\\c\nd{e=\"f\"}";
        try (TestPool test = new TestPool("po\"ol", knobs -> knobs.endpointLabel(key -> key))) {
            test.metrics().endpoints().tag("cell", "x\"y\nz\\").build().bindTo(registry);
            test.touch(endpoint);
            test.renew();
            Scrape scrape = settled();
            String label = test.pool.stats(endpoint).orElseThrow().label();
            assertThat(label).startsWith("a\"b\\c").endsWith("d{e=\"f\"}");
            assertThat(scrape.value(
                            "genericpool_endpoint_connections",
                            "pool",
                            test.pool.stats().name(),
                            "cell",
                            "x\"y\nz\\",
                            "endpoint",
                            label,
                            "state",
                            "idle"))
                    .isEqualTo(1);
        }
        assertThat(refused).isEmpty();
    }

    @Test
    void severalPoolsShareTheNames() throws Exception {
        try (TestPool orders = new TestPool("orders");
                TestPool again = new TestPool("orders");
                TestPool prices = new TestPool("prices")) {
            orders.metrics().tag("cell", "1").build().bindTo(registry);
            again.metrics().tag("cell", "2").build().bindTo(registry);
            prices.metrics().tag("cell", "1").build().bindTo(registry);
            again.touch("a");
            again.renew();
            Scrape scrape = Scrape.of(registry);
            assertThat(scrape.value("genericpool_connections_opened_total", "pool", "orders", "cell", "1"))
                    .isZero();
            assertThat(scrape.value("genericpool_connections_opened_total", "pool", "orders", "cell", "2"))
                    .isEqualTo(1);
            assertThat(scrape.value("genericpool_connections_opened_total", "pool", "prices"))
                    .isZero();
        }
        assertThat(refused).isEmpty();
    }

    @Test
    void rowsComeAndGoBetweenScrapes() throws Exception {
        try (TestPool test = new TestPool("orders")) {
            ConnectionPoolMetrics metrics = test.metrics().endpoints(1).build();
            metrics.bindTo(registry);
            test.touch("a");
            test.touch("b");
            test.renew();
            assertThat(endpoints(settled())).containsExactly("a", "other");
            test.close();
            test.renew();
            assertThat(endpoints(settled())).isEmpty();
            metrics.close();
            assertThat(Scrape.of(registry).samples()).isEmpty();
        }
    }

    private static Set<String> endpoints(Scrape scrape) {
        var endpoints = new TreeSet<String>();
        scrape.samples().stream()
                .filter(sample -> sample.name().equals("genericpool_endpoint_waiters"))
                .forEach(sample -> endpoints.add(sample.labels().get("endpoint")));
        return endpoints;
    }
}
