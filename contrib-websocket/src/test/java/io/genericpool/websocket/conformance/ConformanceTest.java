package io.genericpool.websocket.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.websocket.WebSocketConnection;
import io.genericpool.websocket.WebSocketPool;
import io.genericpool.websocket.WebSocketPoolBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * RFC 6455 and RFC 7692, case by case, through the leases of a pool, beside a server that is made of sockets and bytes.
 * Several cases run at a time, each on a connection of its own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class ConformanceTest {
    static final int MAX_MESSAGE_SIZE = 250_000;

    private static final int WORKERS = 8;
    private static final int SHOWN = 20;

    private final Map<String, String> summary = new LinkedHashMap<>();
    private final ExecutorService workers = Executors.newFixedThreadPool(WORKERS);
    private WireServer server;
    private WebSocketPool plain;
    private WebSocketPool deflate;
    private WebSocketPool large;
    private long beganNanos;

    @BeforeAll
    void start() throws Exception {
        beganNanos = System.nanoTime();
        server = new WireServer();
        server.answer(Table.DEFLATE, extension("permessage-deflate"));
        server.answer(LargeCases.DEFLATE, extension("permessage-deflate"));
        server.answer(Table.NO_CONTEXT, extension("permessage-deflate; server_no_context_takeover"));
        List<String> answers = DeflateCases.answers();
        for (int i = 0; i < answers.size(); i++) {
            server.answer("/answer/" + i, extension(answers.get(i)));
        }
        plain = builder(MAX_MESSAGE_SIZE, false).build();
        deflate = builder(MAX_MESSAGE_SIZE, true).build();
        large = builder(16 * 1024 * 1024, true).build();
    }

    private static List<String> extension(String value) {
        return WireServer.with("Sec-WebSocket-Extensions: " + value);
    }

    private WebSocketPoolBuilder builder(int maxMessageSize, boolean compression) {
        return WebSocketPool.builder()
                .name("conformance")
                .baseUri(server.uri())
                .maxSize(WORKERS)
                .acquireTimeout(Case.SOON)
                .connectTimeout(Case.SOON)
                .connections(knobs -> knobs.maxMessageSize(maxMessageSize)
                        .compression(compression)
                        .ioTimeout(Case.SOON)
                        .closeTimeout(Duration.ofSeconds(10)));
    }

    @AfterAll
    void stop() throws Exception {
        workers.shutdownNow();
        plain.close();
        deflate.close();
        large.close();
        server.close();
        long seconds = (System.nanoTime() - beganNanos) / 1_000_000_000;
        System.out.println(
                "WebSocket conformance, passed/cases: " + String.join(", ", summary.values()) + "; " + seconds + " s");
    }

    @Test
    void takesAndSendsFramesAsRfc6455Says() throws Exception {
        run("framing", FramingCases.all());
    }

    @Test
    void answersPingsAndRefusesControlFramesThatAreNone() throws Exception {
        run("control", ControlCases.all());
    }

    @Test
    void putsFragmentsTogether() throws Exception {
        run("fragments", FragmentCases.all());
    }

    @Test
    void refusesATextAtItsFirstWrongByte() throws Exception {
        run("UTF-8", TextCases.all());
    }

    @Test
    void knowsEveryCloseCode() throws Exception {
        run("close codes", CloseCases.codes());
    }

    @Test
    void readsCloseFramesInEveryForm() throws Exception {
        run("close frames", CloseCases.forms());
    }

    @Test
    void inflatesWithEveryParameterThatMayBeAgreedOn() throws Exception {
        run("deflate parameters", DeflateCases.negotiated());
    }

    @Test
    void inflatesBlocksOfEveryKind() throws Exception {
        run("deflate blocks", DeflateCases.blocks());
    }

    @Test
    void takesAndSendsMessagesOfUpTo16Mebibytes() throws Exception {
        run("16 MiB", LargeCases.all(), 2);
    }

    @Test
    void takesTheRightAnswersToAnUpgradeAndNoOthers() throws Exception {
        List<Callable<String>> tasks = new ArrayList<>();
        addAnswers(tasks, "/handshake/plain/", HandshakeCases.plain(), plain);
        addAnswers(tasks, "/handshake/deflate/", HandshakeCases.deflate(), deflate);
        runAll("handshake", tasks, WORKERS);
    }

    private void addAnswers(
            List<Callable<String>> tasks, String prefix, List<HandshakeCases.Answer> answers, WebSocketPool pool) {
        for (int i = 0; i < answers.size(); i++) {
            HandshakeCases.Answer answer = answers.get(i);
            String path = prefix + i;
            server.answer(path, answer.lines());
            tasks.add(() -> outcome(answer.name(), () -> HandshakeCases.run(answer, path, pool, server)));
        }
    }

    private void run(String group, List<Case> cases) throws Exception {
        run(group, cases, WORKERS);
    }

    private void run(String group, List<Case> cases, int atATime) throws Exception {
        List<Callable<String>> tasks = new ArrayList<>();
        for (Case one : cases) {
            tasks.add(() -> outcome(one.name(), () -> play(one)));
        }
        runAll(group, tasks, atATime);
    }

    private interface Step {
        void run() throws Exception;
    }

    /** Null when all is well. */
    private static String outcome(String name, Step step) {
        try {
            step.run();
            return null;
        } catch (Exception | AssertionError e) {
            return name + ": " + e.toString().replaceAll("\\s+", " ");
        }
    }

    private void play(Case one) throws Exception {
        WebSocketPool pool =
                one.path().startsWith("/large") ? large : one.path().equals(Table.PLAIN) ? plain : deflate;
        try (var lease = pool.connection(one.path())) {
            WebSocketConnection client = lease.connection();
            String id = client.responseHeaders().get("x-wire").get(0);
            Wire wire = server.wire(id);
            boolean inOrder = false;
            try {
                one.script().run(wire, client);
                if (one.leavesOpen()) {
                    Case.isInOrder(wire, client);
                }
                inOrder = one.leavesOpen();
            } finally {
                if (!inOrder) {
                    lease.invalidate();
                    wire.close();
                    server.forget(id);
                }
            }
        }
    }

    private void runAll(String group, List<Callable<String>> tasks, int atATime) throws Exception {
        var failures = new ArrayList<String>();
        for (int begin = 0; begin < tasks.size(); begin += 100 * atATime) {
            List<Callable<String>> some = tasks.subList(begin, Math.min(tasks.size(), begin + 100 * atATime));
            for (Future<String> outcome : atATime == WORKERS ? workers.invokeAll(some) : oneAfterTheOther(some)) {
                if (outcome.get() != null) {
                    failures.add(outcome.get());
                }
            }
        }
        summary.put(group, group + " " + (tasks.size() - failures.size()) + "/" + tasks.size());
        assertThat(failures.subList(0, Math.min(SHOWN, failures.size())))
                .as("%d of %d cases failed, the first of which are", failures.size(), tasks.size())
                .isEmpty();
    }

    private static List<Future<String>> oneAfterTheOther(List<Callable<String>> tasks) throws Exception {
        List<Future<String>> outcomes = new ArrayList<>();
        for (Callable<String> task : tasks) {
            outcomes.add(java.util.concurrent.CompletableFuture.completedFuture(task.call()));
        }
        return outcomes;
    }
}
