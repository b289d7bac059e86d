package io.genericpool.examples.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/** The shop as a process of its own, started and ended as a user does, on free ports. */
@Timeout(120)
@TestMethodOrder(OrderAnnotation.class)
class ShopApplicationTest {
    private static final Pattern ADDRESS = Pattern.compile("(\\w+): +((?:http|jdbc:postgresql)://\\S+).*");
    private static final int ENDED_BY_SIGNAL = 128 + 15;

    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(20)).build();

    private static Process shop;
    private static Thread reader;
    private static final BlockingQueue<String> OUTPUT = new LinkedBlockingQueue<>();
    private static final Map<String, String> ADDRESSES = new HashMap<>();

    @BeforeAll
    static void startShop() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")));
        command.add(ShopApplication.class.getName());
        command.addAll(List.of("--server.port=0", "--shop.console-port=0"));
        shop = new ProcessBuilder(command).redirectErrorStream(true).start();
        daemon("shop-watchdog", ShopApplicationTest::endAtLast);
        reader = daemon("shop-output", () -> shop.inputReader().lines().forEach(OUTPUT::add));
        var lines = new ArrayList<String>();
        for (String line = nextLine(); line != null; line = nextLine()) {
            lines.add(line);
            var address = ADDRESS.matcher(line);
            if (address.matches()) {
                ADDRESSES.put(address.group(1), address.group(2));
            } else if (line.equals("Press Ctrl-C to end.")) {
                return;
            }
        }
        throw new AssertionError("the shop did not start:\n" + String.join("\n", lines));
    }

    private static Thread daemon(String name, Runnable work) {
        var thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** JUnit's timeout does not cover what runs before all tests, and cannot interrupt a read. */
    private static void endAtLast() {
        try {
            if (!shop.waitFor(240, TimeUnit.SECONDS)) {
                end(10);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** In order, and by force only when that does not help: PostgreSQL would go on. */
    private static void end(int seconds) throws InterruptedException {
        shop.toHandle().destroy(); // the process's own would close what the shop still prints
        if (!shop.waitFor(seconds, TimeUnit.SECONDS)) {
            List<ProcessHandle> started = shop.descendants().toList(); // known only while their parent lives
            started.forEach(ProcessHandle::destroyForcibly);
            shop.toHandle().destroyForcibly();
        }
    }

    /** Null once the shop has ended, which the watchdog sees to. */
    private static String nextLine() throws InterruptedException {
        boolean ended;
        String line;
        do {
            ended = !shop.isAlive();
            line = OUTPUT.poll(1, TimeUnit.SECONDS);
        } while (line == null && !ended);
        return line;
    }

    @AfterAll
    static void endShop() throws InterruptedException {
        end(60);
    }

    private static String ask(HttpRequest.Builder request) throws Exception {
        var answer = HTTP.send(request.timeout(Duration.ofSeconds(30)).build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    private static String get(String address) throws Exception {
        return ask(HttpRequest.newBuilder(URI.create(address)));
    }

    @Test
    @Order(1)
    void aPriceComesByWebSocket() throws Exception {
        assertThat(get(ADDRESSES.get("prices"))).matches("\\d+\\.50?");
    }

    @Test
    @Order(2)
    void anOrderIsWrittenToThePrimaryAndReadFromTheReplica() throws Exception {
        URI btc = URI.create(ADDRESSES.get("orders") + "/BTC");
        String written = ask(HttpRequest.newBuilder(btc).POST(HttpRequest.BodyPublishers.noBody()));
        assertThat(written).contains("\"database\":\"master\"", "\"symbol\":\"BTC\"");
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(get(ADDRESSES.get("orders")))
                .isEqualTo(written.replace("master", "replica")));
    }

    @Test
    @Order(3)
    void healthShowsBothPools() throws Exception {
        assertThat(get(ADDRESSES.get("health")))
                .contains("\"status\":\"UP\"", "\"db\"", "\"webSocket\"", "\"master\"", "\"replica\"")
                .doesNotContain("DOWN");
    }

    @Test
    @Order(3)
    void metricsShowBothPoolsTheirTimersAndOpenTelemetrysNames() throws Exception {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(get(ADDRESSES.get("metrics")))
                .contains(
                        "genericpool_connections{pool=\"prices\",state=\"idle\"} 1.0",
                        "genericpool_connect_seconds_count{outcome=\"opened\",pool=\"jdbc\"}",
                        "genericpool_endpoint_connections{endpoint=\"replica\",pool=\"jdbc\"",
                        "db_client_connection_max",
                        "jdbc_connections_max"));
    }

    @Test
    @Order(3)
    void theActuatorAndTheConsoleShowThePools() throws Exception {
        assertThat(get(ADDRESSES.get("pools"))).contains("\"jdbc\"", "\"prices\"", "master", "replica");
        assertThat(get(ADDRESSES.get("console"))).contains("<html").containsIgnoringCase("<title>");
    }

    @Test
    @Order(4)
    void aSignalEndsItWithItsDatabases() throws Exception {
        assertThat(List.of("master", "replica")).allMatch(ShopApplicationTest::listens);
        shop.toHandle().destroy();
        assertThat(shop.waitFor(60, TimeUnit.SECONDS)).isTrue();
        reader.join(10_000);
        List<String> last = List.copyOf(OUTPUT);
        assertThat(shop.exitValue()).as(String.join("\n", last)).isEqualTo(ENDED_BY_SIGNAL);
        assertThat(last).noneMatch(line -> line.contains("Exception"));
        assertThat(List.of("master", "replica")).noneMatch(ShopApplicationTest::listens);
    }

    private static boolean listens(String database) {
        var port = Pattern.compile(":(\\d+)/").matcher(ADDRESSES.get(database));
        assertThat(port.find()).isTrue();
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(port.group(1)))) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
