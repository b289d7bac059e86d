package io.genericpool.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.testkit.RefusingPort;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.ArgumentResolver;

/** What a user reads who wrote something wrong: the property, its value, and what to write instead. */
@Timeout(60)
class WrongPropertiesTest {
    /** By the analyzers that an application has, ours and Spring Boot's. */
    private static FailureAnalysis analysisOf(ApplicationContextRunner runner) {
        var found = new FailureAnalysis[1];
        runner.run(
                context -> {
                    Throwable failure = context.getStartupFailure();
                    assertThat(failure)
                            .as("failure of the start with Boot %s", SpringBootVersion.getVersion())
                            .isNotNull();
                    var arguments = ArgumentResolver.of(Environment.class, new StandardEnvironment());
                    found[0] = SpringFactoriesLoader.forDefaultResourceLocation()
                            .load(FailureAnalyzer.class, arguments, (type, name, problem) -> {})
                            .stream()
                            .map(analyzer -> analyzer.analyze(failure))
                            .filter(Objects::nonNull)
                            .findFirst()
                            .orElse(null);
                });
        assertThat(found[0]).as("a failure analysis").isNotNull();
        return found[0];
    }

    private static FailureAnalysis analysisOf(String... properties) {
        return analysisOf(Contexts.twoDatabases().withPropertyValues(properties));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            genericpool.jdbc.max-size                     | 0        | 0        | that is at least 1
            genericpool.jdbc.total-max-size               | -3       | -3       | that is at least 1
            genericpool.jdbc.min-idle                     | 11       | 11       | that is at most maxSize (10)
            genericpool.jdbc.acquire-timeout              | -1s      | PT-1S    | that is not negative
            genericpool.jdbc.connect-timeout              | 0s       | PT0S     | that is more than zero
            genericpool.jdbc.endpoints.archive.max-size   | 0        | 0        | that is at least 1
            genericpool.jdbc.endpoints.archive.min-idle   | 12       | 12       | that is at most maxSize (10)
            genericpool.jdbc.warm-up.master               | -1       | -1       | that is at least 0
            genericpool.jdbc.warm-up.mastr                | 1        | mastr    | Write one of master, archive.
            genericpool.jdbc.primary                      | mastr    | mastr    | Write one of master, archive.
            genericpool.jdbc.replicas                     | archiv   | archiv   | Write one of master, archive.
            genericpool.jdbc.endpoints.archive.url        | postgres://u:secret@h/d | postgres:... | begins with 'jdbc:'
            genericpool.jdbc.endpoints.archive.url        | jdbc:nosuch://secret/d  | jdbc:nosuch:... | Add the driver
            """)
    void theAnalysisNamesPropertyValueAndRemedy(String property, String written, String shown, String remedy) {
        FailureAnalysis analysis = analysisOf(property + "=" + written);
        assertThat(analysis.getDescription())
                .contains("'" + property + "'", "'" + shown + "'")
                .doesNotContain("secret");
        assertThat(analysis.getAction()).contains(remedy);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            cap                   | 0            | 0            | that is at least 1
            total-cap             | 0            | 0            | that is at least 1
            caps.master           | 0            | 0            | that is at least 1
            caps.mastr            | 3            | 3            | Write one of archive, master.
            cap-version           | -1           | -1           | that is at least 0
            lease                 | 3s           | 3s           | at least three heartbeats of 5 s
            lease                 | 30           | 30           | Write '30s' for seconds
            heartbeat             | 1ms          | 1ms          | 10 ms
            name                  | ' '          |              | Write a name that all processes of the fleet have
            when-unreachable      | safe         |              | Write the number of connections per endpoint
            safe-connections      | 0            | 0            | safe
            redis.url             | http://u:secret@h | http://... | rediss://
            redis.url             | secret       | ...          | redis://redis.example.com:6379
            redis.prefix          | {x}          | {x}          | prefix
            jdbc.url              | jdbc:h2:mem:secret | ...    | jdbc:postgresql://db.example.com/fleet
            jdbc.data-source      | nosuch       | nosuch       | Write the name of a DataSource bean
            jdbc.data-source      | masterDataSource | masterDataSource | DataSource bean without a pool
            """)
    void theAnalysisOfAFleetNamesPropertyAndRemedy(String knob, String written, String shown, String remedy) {
        var values = new ArrayList<>(List.of("genericpool.fleet.name=shop", "genericpool.fleet.cap=3"));
        if (!knob.startsWith("jdbc")) {
            values.add("genericpool.fleet.redis.url=redis://127.0.0.1:9");
        }
        if (knob.equals("safe-connections")) {
            values.add("genericpool.fleet.when-unreachable=safe");
        }
        values.add("genericpool.fleet." + knob + "=" + written);
        FailureAnalysis analysis = analysisOf(values.toArray(String[]::new));
        assertThat(analysis.getDescription())
                .contains(
                        "'genericpool.fleet." + (shown == null && knob.startsWith("when") ? "safe-connections" : knob))
                .contains(shown == null ? "is missing" : "'" + shown + "'")
                .doesNotContain("secret");
        assertThat(analysis.getDescription() + analysis.getAction()).contains(remedy);
    }

    @ParameterizedTest
    @CsvSource({
        "genericpool.fleet.cap=3, 'genericpool.fleet.name' is missing",
        "genericpool.fleet.name=shop, 'genericpool.fleet.cap' is missing"
    })
    void aFleetNeedsANameAndACap(String written, String description) {
        FailureAnalysis analysis = analysisOf(written, "genericpool.fleet.redis.url=redis://127.0.0.1:9");
        assertThat(analysis.getDescription()).contains(description);
    }

    @Test
    void aFleetNeedsOneEngine() {
        assertThat(analysisOf("genericpool.fleet.name=shop", "genericpool.fleet.cap=3")
                        .getAction())
                .contains("'genericpool.fleet.redis.url' or 'genericpool.fleet.jdbc.url'");
        assertThat(analysisOf(
                                "genericpool.fleet.name=shop",
                                "genericpool.fleet.cap=3",
                                "genericpool.fleet.redis.url=redis://127.0.0.1:9",
                                "genericpool.fleet.jdbc.url=jdbc:postgresql://127.0.0.1:9/x")
                        .getAction())
                .contains("Leave one of the two");
    }

    @Test
    void aMissingUrlIsTold() {
        FailureAnalysis analysis = analysisOf("genericpool.jdbc.endpoints.third.max-size=2");
        assertThat(analysis.getDescription()).contains("'genericpool.jdbc.endpoints.third.url' is missing");
        assertThat(analysis.getAction()).contains("jdbc:postgresql://db.example.com/shop");
    }

    @Test
    void severalDatabasesNeedAPrimary() {
        FailureAnalysis analysis = analysisOf(Contexts.runner()
                .withPropertyValues(
                        "genericpool.jdbc.endpoints.a.url=jdbc:h2:mem:a",
                        "genericpool.jdbc.endpoints.b.url=jdbc:h2:mem:b"));
        assertThat(analysis.getDescription()).contains("'genericpool.jdbc.primary' is missing");
        assertThat(analysis.getAction()).contains("Write one of a, b");
    }

    /** Of groups: the properties, the property that is named, its value, what is said of it, and what to write. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "groups.readers.members=master,r9 | groups.readers.members[1] | 'r9' | names no database | master, archive",
                "groups.readers.members=master,archive,master | groups.readers.members[2] | 'master' | already | once",
                "groups.readers.policy=in-order | groups.readers.members | missing | at least one member | members",
                "groups.readers.members=master;groups.readers.policy=least-lodaed | groups.readers.policy | least-lodaed"
                        + " | No enum constant | LEAST_LOADED",
                "groups.readers.members=master;groups.readers.tiers.archive=1 | groups.readers.tiers | 'archive'"
                        + " | no member | master",
                "groups.readers.members=master;groups.readers.weights.master=2 | groups.readers.policy"
                        + " | 'least-loaded' | no weights | weighted",
                "groups.readers.members=master;groups.readers.policy=weighted;groups.readers.weights.master=0"
                        + " | groups.readers.weights | '0.0' | more than 0 | above 0",
                "groups.readers.members=master;groups.readers.spill-after=0s | groups.readers.spill-after | 'PT0S'"
                        + " | but is 0 | more than",
                "groups.readers.members=master;groups.readers.hedge-after=50 | groups.readers.hedge-after | '50'"
                        + " | without a unit | '50ms'",
                "groups.readers.members=master;groups.readers.role=reader;endpoints.master.role=writer"
                        + " | groups.readers.role | 'reader' | role 'writer' | two endpoints",
                "groups.archive.members=master | groups | 'archive' | has this name | name of its own",
                "readers=replicas | readers | 'replicas' | names no group | Configure the group",
                "groups.all.members=master;readers=al | readers | 'al' | names no group | Write one of all",
                "groups.all.members=master;readers=all;replicas=archive | readers | 'all' | replicas | Leave one",
                "groups.routing.members=master;readers=routing | groups | 'routing' | routingDataSource | another name",
            })
    void groupsTellTheirPropertiesToo(String properties, String property, String value, String reason, String remedy) {
        String[] given = Stream.of(properties.split(";"))
                .map(each -> "genericpool.jdbc." + each)
                .toArray(String[]::new);
        FailureAnalysis analysis = analysisOf(given);
        assertThat(analysis.getDescription()).contains("genericpool.jdbc." + property, value, reason);
        assertThat(analysis.getAction()).contains(remedy);
    }

    @Test
    void groupsOfWebSocketsTellTheirPropertiesWithoutSecrets() {
        String pool = "genericpool.websocket.prices.";
        String base = pool + "base-uri=wss://prices.example.com";
        FailureAnalysis twice = analysisOf(
                base,
                pool + "groups.regions.members[0]=wss://eu.example.com?token=nosecret42",
                pool + "groups.regions.members[1]=wss://eu.example.com:443/?token=nosecret42");
        assertThat(twice.getDescription())
                .contains(pool + "groups.regions.members[1]", "wss://eu.example.com/?token=***", "already")
                .doesNotContain("nosecret42");
        FailureAnalysis invalid =
                analysisOf(base, pool + "groups.regions.members=ftp://user:nosecret42@eu.example.com");
        assertThat(invalid.getDescription())
                .contains(pool + "groups.regions.members[0]", "endpoint must be")
                .doesNotContain("nosecret42");
        assertThat(analysisOf(base, pool + "groups.regions.members=/a", pool + "groups.regions.role=reader")
                        .getDescription())
                .contains(pool + "groups.regions.role", "'reader'", "no role");
        assertThat(analysisOf(base, pool + "allowed-origins=wss://eu.example.com/x?token=nosecret42#f")
                        .getDescription())
                .contains(pool + "allowed-origins", "'...'")
                .doesNotContain("nosecret42");
        assertThat(analysisOf(pool + "base-uri=wss://eu.example.com/x?token=nosecret42#f")
                        .getDescription())
                .contains(pool + "base-uri", "'...'")
                .doesNotContain("nosecret42");
    }

    @Test
    void twoCapsForOneOriginAreRefused() {
        FailureAnalysis analysis = analysisOf(
                "genericpool.fleet.name=shop",
                "genericpool.fleet.redis.url=redis://127.0.0.1:9",
                "genericpool.websocket.prices.base-uri=wss://feed.example.com/prices",
                "genericpool.websocket.orders.base-uri=wss://feed.example.com:443/orders",
                "genericpool.fleet.caps.prices=50",
                "genericpool.fleet.caps.orders=5");
        assertThat(analysis.getDescription()).contains("genericpool.fleet.caps.", "same origin and the cap ");
        assertThat(analysis.getAction()).contains("the same cap for both");
    }

    @Test
    void aLedgerThatCannotBeCreatedTellsNoPassword() {
        FailureAnalysis analysis = analysisOf(
                "genericpool.fleet.name=shop",
                "genericpool.fleet.cap=3",
                "genericpool.fleet.jdbc.url=jdbc:postgresql://db:99999999/x?user=u&password=nosecret42",
                "genericpool.fleet.jdbc.install=true");
        assertThat(analysis.getDescription())
                .contains("genericpool.fleet.jdbc.install", "could not be created", "***")
                .doesNotContain("nosecret42");
        var trace = new StringWriter();
        analysis.getCause().printStackTrace(new PrintWriter(trace, true));
        assertThat(trace.toString()).doesNotContain("nosecret42");
    }

    @Test
    void failFastTellsThatNoMemberOfAGroupCanBeReached() {
        try (var refusing = new RefusingPort()) {
            FailureAnalysis analysis = analysisOf(
                    "genericpool.jdbc.endpoints.archive.url=jdbc:h2:tcp://127.0.0.1:" + refusing.number() + "/x",
                    "genericpool.jdbc.groups.readers.members=archive",
                    "genericpool.jdbc.fail-fast=true",
                    "genericpool.jdbc.acquire-timeout=2s");
            assertThat(analysis.getDescription()).contains("no member of the group readers can be reached");
            assertThat(analysis.getAction())
                    .contains("genericpool.jdbc.groups.readers.members", "groups.readers.required: false");
        }
    }

    @Test
    void aMistypedNameIsAnErrorAndNotALimitThatIsIgnored() {
        FailureAnalysis analysis = analysisOf("genericpool.jdbc.max-sise=3");
        assertThat(analysis.getDescription()).contains("genericpool.jdbc.max-sise", "3");
    }

    @Test
    void aValueOfTheWrongTypeIsToldBySpringBoot() {
        FailureAnalysis analysis = analysisOf("genericpool.jdbc.max-lifetime=soon");
        assertThat(analysis.getDescription()).contains("genericpool.jdbc.max-lifetime", "soon");
    }

    @ParameterizedTest
    @CsvSource({"genericpool.jdbc.acquire-timeout, 30", "genericpool.websocket.prices.heartbeat, 20"})
    void aDurationNeedsItsUnit(String property, String number) {
        String socket = "genericpool.websocket.prices.base-uri=wss://prices.example.com";
        FailureAnalysis analysis = analysisOf(socket, property + "=" + number);
        assertThat(analysis.getDescription()).contains("'" + property + "'", "'" + number + "'", "without a unit");
        assertThat(analysis.getAction()).contains("'" + number + "s'", "'" + number + "ms'");
        Contexts.twoDatabases()
                .withPropertyValues("genericpool.jdbc.acquire-timeout=0")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void failFastTellsOfAWrongPasswordWithoutPrintingIt() throws SQLException {
        String url = "jdbc:h2:mem:locked;DB_CLOSE_DELAY=-1";
        DriverManager.getConnection(url, "owner", "right").close();
        String[] login = {
            "genericpool.jdbc.endpoints.archive.url=" + url,
            "genericpool.jdbc.endpoints.archive.username=owner",
            "genericpool.jdbc.endpoints.archive.password=nosecret42"
        };
        FailureAnalysis analysis = analysisOf(Contexts.twoDatabases()
                .withPropertyValues(login)
                .withPropertyValues("genericpool.jdbc.fail-fast=true", "genericpool.jdbc.acquire-timeout=5s"));
        assertThat(analysis.getDescription()).contains("the database archive cannot be reached");
        assertThat(analysis.getAction()).contains("genericpool.jdbc.endpoints.archive", ".password");
        assertThat(analysis.getDescription() + analysis.getAction()).doesNotContain("nosecret42");
        Contexts.twoDatabases().withPropertyValues(login).run(context -> assertThat(context)
                .hasNotFailed());
    }

    @Test
    void failFastTellsWhichDatabaseCannotBeReached() {
        try (var refusing = new RefusingPort()) {
            String down = "genericpool.jdbc.endpoints.archive.url=jdbc:h2:tcp://127.0.0.1:" + refusing.number() + "/x";
            FailureAnalysis analysis =
                    analysisOf(down, "genericpool.jdbc.fail-fast=true", "genericpool.jdbc.acquire-timeout=2s");
            assertThat(analysis.getDescription())
                    .contains("'genericpool.jdbc.fail-fast'", "'true'", "the database archive cannot be reached");
            assertThat(analysis.getAction())
                    .contains("genericpool.jdbc.endpoints.archive.url", "required: false", "fail-fast: false");

            Contexts.twoDatabases()
                    .withPropertyValues(down, "genericpool.jdbc.fail-fast=false")
                    .run(context -> assertThat(context).hasNotFailed());
            Contexts.twoDatabases()
                    .withPropertyValues(
                            down,
                            "genericpool.jdbc.fail-fast=true",
                            "genericpool.jdbc.endpoints.archive.required=false")
                    .run(context -> assertThat(context).hasNotFailed());
        }
    }

    @Test
    void webSocketPoolsTellTheirPropertiesToo() {
        FailureAnalysis analysis = analysisOf(
                "genericpool.websocket.prices.base-uri=wss://prices.example.com",
                "genericpool.websocket.prices.max-size=0");
        assertThat(analysis.getDescription()).contains("'genericpool.websocket.prices.max-size'", "'0'");
        assertThat(analysisOf("genericpool.websocket.prices.max-size=1").getDescription())
                .contains("'genericpool.websocket.prices.base-uri' is missing");
        assertThat(analysisOf(
                                "genericpool.websocket.prices.base-uri=wss://prices.example.com",
                                "genericpool.websocket.prices.ssl.bundle=nosuch")
                        .getDescription())
                .contains("'genericpool.websocket.prices.ssl.bundle'", "'nosuch'");
    }
}
