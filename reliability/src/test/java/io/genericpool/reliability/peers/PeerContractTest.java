package io.genericpool.reliability.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.genericpool.AcquireTimeoutException;
import io.genericpool.ConnectionCreateException;
import io.genericpool.Lease;
import io.genericpool.reliability.peers.EchoApplication.Close;
import io.genericpool.websocket.Message;
import io.genericpool.websocket.WebSocketClosedException;
import io.genericpool.websocket.WebSocketConnection;
import io.genericpool.websocket.WebSocketEndpoint;
import io.genericpool.websocket.WebSocketHandshakeException;
import io.genericpool.websocket.WebSocketPoolBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a pool of WebSockets promises, beside independent servers, with and without deflate, some over TLS. One server for all tests of
 * a column; each test leaves no socket at the server and no thread of its pool.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("columns")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class PeerContractTest {
    private static final String NAME = "peer-contract";
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int MEBIBYTE = 1 << 20;

    /** Around the places where the length of a frame changes its form. */
    private static final List<Integer> SIZES = List.of(0, 1, 125, 126, 127, 65_535, 65_536, MEBIBYTE);

    @Parameter
    private PeerCase column;

    private PeerServer server;

    static Stream<PeerCase> columns() {
        return PeerCase.all();
    }

    @BeforeParameterizedClassInvocation
    void start() throws Exception {
        server = column.start();
    }

    @AfterParameterizedClassInvocation
    void stop() throws Exception {
        server.close();
    }

    @BeforeEach
    void forget() {
        server.application.forget();
    }

    @AfterEach
    void leavesNoSocketAndNoThread() {
        soon().until(() -> server.application.open() == 0);
        soon().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith(NAME)));
    }

    private static ConditionFactory soon() {
        return Awaitility.await()
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(2))
                .pollDelay(Duration.ZERO);
    }

    private WebSocketPoolBuilder builder() {
        return column.pool(server.url()).name(NAME).acquireTimeout(SOON);
    }

    private static Message answer(WebSocketConnection connection, Message message) {
        connection.send(message);
        return connection.receive(SOON);
    }

    /** Text that deflates a little, as much text does, and is long in letters of one, two, three and four bytes. */
    private static String text(int length, long seed) {
        String letters = "abcdefgh\u00e9\u00fc\u20ac\u4e2d" + Character.toString(0x1F600);
        int[] alphabet = letters.codePoints().toArray();
        var random = new Random(seed);
        var text = new StringBuilder(length + 1);
        while (text.length() < length) {
            text.appendCodePoint(alphabet[random.nextInt(alphabet.length)]);
        }
        return text.toString();
    }

    private static byte[] bytes(int length, long seed) {
        var bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    @Test
    void echoesTextFromEmptyToOneMebibyte() {
        try (var pool = builder().build();
                var lease = pool.connection("/echo")) {
            for (int size : SIZES) {
                Message message = Message.text(text(size, size));
                assertThat(answer(lease.connection(), message))
                        .as("text of %d", size)
                        .isEqualTo(message);
            }
        }
    }

    @Test
    void echoesBinaryFromEmptyToOneMebibyte() {
        try (var pool = builder().build();
                var lease = pool.connection("/echo")) {
            for (int size : SIZES) {
                Message message = Message.binary(bytes(size, size));
                assertThat(answer(lease.connection(), message))
                        .as("%d bytes", size)
                        .isEqualTo(message);
            }
        }
    }

    @Test
    void keepsTheOrderOfManyMessagesOfBothKinds() {
        int count = 200;
        try (var pool = builder().build();
                var lease = pool.connection("/echo")) {
            var sent = new ArrayList<Message>();
            for (int i = 0; i < count; i++) {
                Message message = i % 2 == 0 ? Message.text(text(i * 7, i)) : Message.binary(bytes(i * 11, i));
                sent.add(message);
                lease.connection().send(message);
            }
            for (Message message : sent) {
                assertThat(lease.connection().receive(SOON)).isEqualTo(message);
            }
        }
    }

    @Test
    void givesEachUseItsOwnAnswerWhenManyThreadsShareAFewConnections() throws Exception {
        int threads = 16;
        int uses = 60;
        int maxSize = 4;
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try (var pool = builder().maxSize(maxSize).build()) {
            var wrong = new AtomicInteger();
            var work = new ArrayList<Callable<Void>>();
            for (int thread = 0; thread < threads; thread++) {
                int number = thread;
                work.add(() -> {
                    for (int i = 0; i < uses; i++) {
                        Message question = Message.text(number + "/" + i + "/" + text(i, i));
                        if (!pool.use("/echo", connection -> answer(connection, question))
                                .equals(question)) {
                            wrong.incrementAndGet();
                        }
                    }
                    return null;
                });
            }
            for (var future : executor.invokeAll(work)) {
                future.get(SOON.toSeconds(), TimeUnit.SECONDS);
            }
            assertThat(wrong).hasValue(0);
            assertThat(server.application.most()).isBetween(1, maxSize);
            assertThat(server.application.opened()).isLessThanOrEqualTo(maxSize);
            assertThat(pool.stats().failed()).isZero();
        } finally {
            executor.shutdown();
        }
    }

    @Test
    void givesEachAsynchronousUseItsOwnAnswer() {
        int uses = 300;
        int maxSize = 3;
        try (var pool = builder().maxSize(maxSize).build()) {
            var answers = Stream.iterate(0, i -> i + 1)
                    .limit(uses)
                    .map(i -> pool.useAsync("/echo", connection -> connection
                            .sendAsync("question " + i)
                            .thenCompose(sent -> connection.receiveAsync())))
                    .toList();
            for (int i = 0; i < uses; i++) {
                assertThat(answers.get(i)
                                .orTimeout(SOON.toSeconds(), TimeUnit.SECONDS)
                                .join()
                                .text())
                        .isEqualTo("question " + i);
            }
            assertThat(server.application.most()).isBetween(1, maxSize);
        }
    }

    @Test
    void opensNoMoreConnectionsThanTheLimitsOfAnEndpointAndOfAllAllow() {
        try (var pool = builder().maxSize(2).totalMaxSize(3).build()) {
            var leases = new ArrayList<Lease<WebSocketEndpoint, WebSocketConnection>>();
            leases.add(pool.connection("/a"));
            leases.add(pool.connection("/a"));
            leases.add(pool.connection("/b"));
            assertThat(catchThrowableOfType(AcquireTimeoutException.class, () -> pool.pool()
                            .connection(pool.endpoint("/a"), Duration.ofMillis(50))))
                    .isNotNull();
            assertThat(catchThrowableOfType(AcquireTimeoutException.class, () -> pool.pool()
                            .connection(pool.endpoint("/b"), Duration.ofMillis(50))))
                    .isNotNull();
            soon().until(() -> server.application.open() == 3);
            assertThat(server.application.opened()).isEqualTo(3);
            leases.remove(0).release();
            // An idle connection of one endpoint makes room for another.
            leases.add(pool.connection("/b"));
            soon().until(() -> server.application.opened() == 4 && server.application.open() == 3);
            leases.forEach(Lease::release);
        }
    }

    @Test
    void noticesACloseOfTheServerWhileIdle() {
        try (var pool = builder().build()) {
            pool.use("/echo", connection -> answer(connection, Message.text("one")));
            server.application.closeAll(4001, "go away");
            soon().until(() -> pool.stats().total() == 0);
            assertThat(pool.traffic().closeCodes()).containsEntry(4001, 1L);
            Message two = pool.use("/echo", connection -> answer(connection, Message.text("two")));
            assertThat(two).isEqualTo(Message.text("two"));
            assertThat(server.application.opened()).isEqualTo(2);
            assertThat(pool.stats().failed()).isZero();
        }
    }

    @Test
    void tellsTheHolderCodeAndReasonOfACloseOfTheServer() {
        String longest = "r".repeat(123);
        try (var pool = builder().build()) {
            for (Close close : List.of(
                    new Close(1000, "done"),
                    new Close(1001, longest),
                    new Close(1011, "oops"),
                    new Close(4999, "\u00e9"))) {
                try (var lease = pool.connection("/echo")) {
                    lease.connection().send("!close " + close.code() + " " + close.reason());
                    var closed = catchThrowableOfType(WebSocketClosedException.class, () -> lease.connection()
                            .receive(SOON));
                    assertThat(new Close(closed.code(), closed.reason())).isEqualTo(close);
                    assertThat(lease.connection().closeCode()).hasValue(close.code());
                    assertThat(lease.connection().closeReason()).hasValue(close.reason());
                }
                soon().until(() -> pool.stats().total() == 0);
            }
        }
    }

    @Test
    void handsOutTheAnswersThatCameBeforeACloseOfTheServer() {
        try (var pool = builder().build();
                var lease = pool.connection("/echo")) {
            lease.connection().send("one");
            lease.connection().send("two");
            lease.connection().send("!close 1000 done");
            assertThat(lease.connection().receive(SOON).text()).isEqualTo("one");
            assertThat(lease.connection().receive(SOON).text()).isEqualTo("two");
            var closed = catchThrowableOfType(
                    WebSocketClosedException.class, () -> lease.connection().receive(SOON));
            assertThat(closed.code()).isEqualTo(1000);
        }
    }

    @Test
    void noticesAConnectionThatIsCutWhileIdleAndWhileLeased() {
        try (var pool = builder().build()) {
            pool.use("/echo", connection -> answer(connection, Message.text("one")));
            server.cutAll();
            soon().until(() -> pool.stats().total() == 0);
            try (var lease = pool.connection("/echo")) {
                answer(lease.connection(), Message.text("two"));
                server.cutAll();
                var closed = catchThrowableOfType(
                        WebSocketClosedException.class, () -> lease.connection().receive(SOON));
                assertThat(closed.code()).isEqualTo(1006);
            }
            soon().until(() -> pool.stats().total() == 0);
            assertThat(server.application.opened()).isEqualTo(2);
        }
    }

    @Test
    void tellsTheServerCodeAndReasonOfACloseOfTheHolder() {
        try (var pool = builder().build();
                var lease = pool.connection("/echo")) {
            lease.connection().close(4003, "enough");
            soon().untilAsserted(
                            () -> assertThat(server.application.closes()).containsExactly(new Close(4003, "enough")));
        }
    }

    @Test
    void closesItsConnectionsWithAHandshakeWhenThePoolIsClosed() {
        try (var pool = builder().build()) {
            try (var one = pool.connection("/echo");
                    var two = pool.connection("/echo")) {
                answer(one.connection(), Message.text("one"));
                answer(two.connection(), Message.text("two"));
            }
        }
        soon().until(() -> server.application.open() == 0);
        assertThat(server.application.closes())
                .hasSize(2)
                .extracting(Close::code)
                .containsOnly(1001);
    }

    @Test
    void tellsStatusAndHeadersOfARefusal() {
        for (int status : new int[] {401, 403, 429, 500, 503}) {
            try (var pool = builder().build()) {
                var e = catchThrowableOfType(
                        ConnectionCreateException.class, () -> pool.connection("/refuse/" + status));
                var refused = (WebSocketHandshakeException) e.getCause();
                if (server.choosesRefusal()) {
                    assertThat(refused.status()).isEqualTo(status);
                    assertThat(refused.header("Retry-After")).hasValue("600");
                    assertThat(refused.header("x-why")).hasValue("full");
                } else {
                    assertThat(refused.status()).isEqualTo(404);
                }
                soon().until(() -> pool.stats().total() == 0);
                assertThat(pool.traffic().openSockets()).isZero();
            }
        }
        assertThat(server.application.opened()).isZero();
    }

    @Test
    void agreesOnASubprotocol() {
        try (var pool = builder()
                        .connections(knobs -> knobs.subprotocols("v9.unknown", "v1.echo"))
                        .build();
                var lease = pool.connection("/echo")) {
            assertThat(lease.connection().subprotocol()).hasValue("v1.echo");
        }
    }

    @Test
    void goesOnWithoutASubprotocolWhenNoneIsOffered() {
        try (var pool = builder().build();
                var lease = pool.connection("/echo")) {
            assertThat(lease.connection().subprotocol()).isEmpty();
            assertThat(answer(lease.connection(), Message.text("one"))).isEqualTo(Message.text("one"));
        }
    }

    @Test
    void exchangesHeaders() {
        var tokens = new AtomicInteger();
        try (var pool = builder()
                .header("X-Token", () -> "token " + tokens.incrementAndGet())
                .build()) {
            for (int i = 1; i <= 2; i++) {
                try (var lease = pool.newConnection("/echo")) {
                    assertThat(answer(lease.connection(), Message.text("!header X-Token"))
                                    .text())
                            .isEqualTo("token " + i);
                    assertThat(lease.connection().responseHeaders().get("x-peer"))
                            .containsExactly(EchoApplication.HEADER_VALUE);
                }
            }
        }
    }

    @Test
    void deflatesWhenBothSidesWantItAndOnlyThen() {
        for (boolean wanted : new boolean[] {true, false}) {
            try (var pool = builder()
                            .connections(knobs -> knobs.compression(wanted))
                            .build();
                    var lease = pool.connection("/echo")) {
                Message message = Message.text("a".repeat(MEBIBYTE));
                assertThat(answer(lease.connection(), message)).isEqualTo(message);
                long bytesIn = lease.connection().stats().bytesIn();
                if (wanted && column.deflate()) {
                    assertThat(bytesIn).isBetween(1L, MEBIBYTE / 10L);
                } else {
                    assertThat(bytesIn).isGreaterThan(MEBIBYTE);
                }
            }
        }
    }

    @Test
    void keepsTheGreetingOfANewConnectionForItsHook() {
        int connections = 30;
        var greetings = new AtomicInteger();
        try (var pool = builder()
                .connections(knobs ->
                        knobs.onOpen(connection -> connection.receiveAsync().thenAccept(greeting -> {
                            if (greeting.equals(Message.text(EchoApplication.GREETING))) {
                                greetings.incrementAndGet();
                            }
                        })))
                .build()) {
            for (int i = 0; i < connections; i++) {
                try (var lease = pool.newConnection(EchoApplication.GREETING_PATH)) {
                    assertThat(answer(lease.connection(), Message.text("one"))).isEqualTo(Message.text("one"));
                    lease.invalidate();
                }
            }
        }
        assertThat(greetings).hasValue(connections);
    }

    @Test
    void answersPings() {
        try (var pool = builder().build();
                var lease = pool.connection("/echo")) {
            for (int i = 0; i < 10; i++) {
                assertThat(lease.connection().ping(SOON)).isPositive();
            }
            assertThat(answer(lease.connection(), Message.text("one"))).isEqualTo(Message.text("one"));
        }
    }
}
