package io.genericpool.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.genericpool.group.Routing;
import io.genericpool.testkit.fleet.FixedShares;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The dashboard and the alert rules ask for metrics, labels and values that a scrape has. */
@Timeout(60)
class DashboardsTest {
    private static final Path FOLDER = Path.of(System.getProperty("basedir", "."), "..", "dashboards");
    /** In the names of OpenTelemetry, labels begin as metrics do. */
    private static final Pattern METRIC =
            Pattern.compile("(genericpool_[a-z_]+|db_client_connection_(?!pool_name|state)[a-z_]+)(?:\\{([^}]*)})?");

    private static final Pattern MATCHER = Pattern.compile("([a-z_]+)(=~|=)\"([^\"]*)\"");

    private static Scrape scrape;

    @BeforeAll
    static void bindAllThereIs() throws Exception {
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        PoolTimers timers = PoolTimers.connectsWaitsAndLeases();
        var shares = new FixedShares<String>(3);
        try (TestPool test =
                        new TestPool("orders", knobs -> knobs.listener(timers).sharedLimits(shares));
                var echo = new WebSocketEcho("prices")) {
            shares.total(5);
            test.pool.group("readers", Routing.inOrder(), "a", "b");
            test.touch("a");
            test.metrics().endpoints().openTelemetry().timers(timers).build().bindTo(registry);
            WebSocketPoolMetrics.of(echo.pool).bindTo(registry);
            scrape = Scrape.of(registry);
        }
    }

    @ParameterizedTest
    @CsvSource({"genericpool-grafana.json, 20", "genericpool-jdbc-grafana.json, 10"})
    void aDashboardAsksForWhatThereIs(String file, int least) throws Exception {
        JsonNode dashboard = new ObjectMapper().readTree(FOLDER.resolve(file).toFile());
        var questions = new ArrayList<String>();
        dashboard.findValuesAsText("expr").forEach(questions::add);
        assertThat(questions).hasSizeGreaterThan(least);
        dashboard.get("templating").get("list").findValues("query").stream()
                .filter(query -> query.has("query"))
                .forEach(query -> questions.add(query.get("query").asText()));
        assertThat(questions).anyMatch(question -> question.startsWith("label_values"));
        assertThat(questions).allSatisfy(DashboardsTest::asksForWhatThereIs);
        assertThat(dashboard.findValuesAsText("id")).doesNotHaveDuplicates();
        for (JsonNode panel : dashboard.get("panels")) {
            assertThat(panel.get("title").asText()).isNotBlank();
            assertThat(panel.get("gridPos").get("x").asInt()
                            + panel.get("gridPos").get("w").asInt())
                    .isLessThanOrEqualTo(24);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "genericpool-grafana.json, genericpool_(?!websocket).*",
        "genericpool-jdbc-grafana.json, db_client_connection_.*"
    })
    void eachMetricOfThePoolIsOnADashboard(String file, String metrics) throws Exception {
        String dashboard = Files.readString(FOLDER.resolve(file));
        assertThat(scrape.names())
                .filteredOn(name -> name.matches(metrics))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(dashboard).contains(name));
    }

    @Test
    void theAlertRulesAskForWhatThereIs() throws Exception {
        Map<String, List<Map<String, Object>>> rules;
        try (var reader = Files.newBufferedReader(FOLDER.resolve("genericpool-alerts.yaml"))) {
            rules = new Yaml(new SafeConstructor(new LoaderOptions())).load(reader);
        }
        var alerts = new ArrayList<String>();
        for (Map<String, Object> group : rules.get("groups")) {
            assertThat(group.get("name")).isInstanceOf(String.class);
            for (Object rule : (List<?>) group.get("rules")) {
                Map<?, ?> fields = (Map<?, ?>) rule;
                alerts.add((String) fields.get("alert"));
                asksForWhatThereIs((String) fields.get("expr"));
                assertThat(((Map<?, ?>) fields.get("labels")).get("severity")).isIn("warning", "critical");
                assertThat((String) ((Map<?, ?>) fields.get("annotations")).get("summary"))
                        .contains("{{ $labels.pool }}");
            }
        }
        assertThat(alerts).hasSizeGreaterThan(8).doesNotHaveDuplicates().doesNotContainNull();
    }

    @Test
    void aWrongQuestionIsSeen() {
        assertThat(isAnswered("rate(genericpool_acquires_total{outcome=\"granted\"}[5m])"))
                .isTrue();
        assertThat(isAnswered("rate(genericpool_acquires{outcome=\"granted\"}[5m])"))
                .isFalse();
        assertThat(isAnswered("genericpool_acquires_total{outcome=\"grated\"}")).isFalse();
        assertThat(isAnswered("genericpool_acquires_total{state=~\"$state\"}")).isFalse();
        assertThat(isAnswered("db_client_connection_count{db_client_connection_state=\"used\"}"))
                .isTrue();
        assertThat(isAnswered("db_client_connection_count{db_client_connection_state=\"busy\"}"))
                .isFalse();
        assertThat(isAnswered("genericpool_endpoint_circuit{state=~\"open|ajar\"}"))
                .isFalse();
        assertThat(isAnswered("up")).isFalse();
    }

    private static void asksForWhatThereIs(String question) {
        assertThat(isAnswered(question)).as(question).isTrue();
    }

    private static boolean isAnswered(String question) {
        List<MatchResult> metrics = METRIC.matcher(question).results().toList();
        return !metrics.isEmpty()
                && metrics.stream().allMatch(metric -> {
                    String matchers = metric.group(2) == null ? "" : metric.group(2);
                    return scrape.names().contains(metric.group(1))
                            && MATCHER.matcher(matchers)
                                    .results()
                                    .allMatch(matcher -> isThere(metric.group(1), matcher));
                });
    }

    /** Each of the values that a matcher names is one of the label's, and of a variable the label alone. */
    private static boolean isThere(String metric, MatchResult matcher) {
        List<String> there = scrape.samples().stream()
                .filter(sample -> sample.name().equals(metric))
                .map(sample -> sample.labels().get(matcher.group(1)))
                .toList();
        String values = matcher.group(3);
        return values.startsWith("$") ? !there.contains(null) : there.containsAll(List.of(values.split("\\|")));
    }
}
