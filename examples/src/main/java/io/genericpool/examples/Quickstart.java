package io.genericpool.examples;

import io.genericpool.ConnectionPool;
import io.genericpool.console.PoolActivity;
import io.genericpool.console.PoolConsole;
import io.genericpool.core.ConnectionPools;
import io.genericpool.event.PoolListener;
import io.genericpool.examples.load.Conversation;
import io.genericpool.examples.load.FreshTasks;
import io.genericpool.examples.load.PooledTasks;
import io.genericpool.examples.load.Report;
import io.genericpool.examples.load.Run;
import io.genericpool.examples.load.Scores;
import io.genericpool.examples.load.Workload;
import io.genericpool.examples.server.EchoServer;
import io.genericpool.examples.watch.Consoled;
import io.genericpool.examples.watch.Recorded;
import io.genericpool.replay.PoolRecorder;
import io.genericpool.replay.PoolRecorderBuilder;
import io.genericpool.websocket.WebSocketConnection;
import io.genericpool.websocket.WebSocketConnectionManager;
import io.genericpool.websocket.WebSocketEndpoint;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The pool at work: several hundred tasks talk to three endpoints of a real server that cuts connections on the way, some
 * blocking and some asynchronous. The same tasks run with a fresh connection each, for comparison. Ends normally only if
 * every reply was right and every cut was noticed.
 */
public final class Quickstart {
    private static final List<String> PATHS = List.of("/speech", "/llm", "/market");
    private static final int TASKS = 900;
    private static final int AT_ONCE = 24;
    private static final int MAX_SIZE = 8;
    private static final int TOTAL_MAX_SIZE = 24;
    private static final int MESSAGES_PER_CUT = 150;
    private static final Duration TIME_TO_NOTICE = Duration.ofSeconds(30);

    private final PrintStream out;
    private final int tasks;
    private final EchoServer server;
    private final WebSocketConnectionManager manager;
    private final Workload workload;
    private final List<WebSocketEndpoint> endpoints;

    private Quickstart(
            PrintStream out, int tasks, EchoServer server, WebSocketConnectionManager manager, Workload workload) {
        this.out = out;
        this.tasks = tasks;
        this.server = server;
        this.manager = manager;
        this.workload = workload;
        this.endpoints = PATHS.stream().map(server::endpoint).toList();
    }

    /** Throws when anything was not as it should be, so that the exit code tells. */
    public static void main(String[] args) throws Exception {
        if (Consoled.isAsked(args)) {
            show(System.out, () -> false);
        } else if (!run(System.out, TASKS, Recorded.folder(args))) {
            throw new IllegalStateException("a reply was wrong or missing, or a cut connection was not noticed");
        }
    }

    /** Whether every reply was right and every cut noticed. */
    static boolean run(PrintStream out, int tasks) throws Exception {
        return run(out, tasks, Optional.empty());
    }

    /** As the other one; the pooled tasks are recorded if a folder for that is given. */
    static boolean run(PrintStream out, int tasks, Optional<Path> traces) throws Exception {
        try (var server = EchoServer.start();
                var manager = WebSocketConnectionManager.builder().build();
                var workload = new Workload(out, AT_ONCE)) {
            return new Quickstart(out, tasks, server, manager, workload).compare(traces);
        }
    }

    /** Runs the tasks over a pool again and again, with cuts, and shows the pool in a console. */
    static void show(PrintStream out, BooleanSupplier isEnough) throws Exception {
        PoolActivity activity = PoolActivity.eventsAndWaits();
        try (var server = EchoServer.start();
                var manager = WebSocketConnectionManager.builder().build();
                var workload = new Workload(out, AT_ONCE)) {
            var quickstart = new Quickstart(out, TASKS, server, manager, workload);
            try (var pool = quickstart.newPool(activity);
                    var console = PoolConsole.builder().pool(pool, activity).start()) {
                out.println("console: " + console.address() + " (Ctrl-C ends the program)");
                server.cutEvery(MESSAGES_PER_CUT);
                do {
                    quickstart.pooled("pooled", pool);
                } while (!isEnough.getAsBoolean());
                server.cutNoMore();
            }
        }
    }

    private boolean compare(Optional<Path> traces) throws InterruptedException {
        out.println(tasks + " tasks of " + Conversation.MESSAGES + " messages, " + AT_ONCE + " at a time, "
                + PATHS.size() + " endpoints of a server on this machine");
        out.println("Warming up both ways ...");
        fresh("fresh, warm-up");
        try (var pool = newPool()) {
            pooled("pooled, warm-up", pool);
        }
        out.println("A fresh connection for each task ...");
        Run fresh = fresh("fresh");
        out.println("Pooled connections, the server cuts two of them at each " + MESSAGES_PER_CUT + "th message ...");
        var recorder = traces.map(PoolRecorder::builder).map(PoolRecorderBuilder::<WebSocketEndpoint>build);
        try (var pool = newPool(recorder.<PoolListener<? super WebSocketEndpoint>>map(each -> each)
                .orElse(new PoolListener<>() {}))) {
            recorder.ifPresent(each -> each.start(pool));
            server.cutEvery(MESSAGES_PER_CUT);
            Run pooled = pooled("pooled", pool);
            server.cutNoMore();
            boolean isAllNoticed = awaitDeaths(pool);
            out.println();
            out.println(Report.endpoints(pool, pooled.scores(), endpoint -> server.cuts(endpoint.path())));
            out.println(Report.costs(fresh, pooled, tasks));
            recorder.ifPresent(PoolRecorder::close);
            return isAllNoticed && isAllRight(fresh) && isAllRight(pooled);
        }
    }

    private boolean isAllRight(Run run) {
        workload.failures().forEach(failure -> out.println("a task failed: " + failure));
        return workload.failures().isEmpty() && run.scores().total().wrongOrMissing() == 0;
    }

    private ConnectionPool<WebSocketEndpoint, WebSocketConnection> newPool() {
        return newPool(new PoolListener<>() {});
    }

    private ConnectionPool<WebSocketEndpoint, WebSocketConnection> newPool(
            PoolListener<? super WebSocketEndpoint> listener) {
        return ConnectionPools.builder(manager)
                .name("quickstart")
                .maxSize(MAX_SIZE)
                .totalMaxSize(TOTAL_MAX_SIZE)
                .acquireTimeout(Duration.ofSeconds(10))
                .listener(listener)
                .build();
    }

    private Run fresh(String name) throws InterruptedException {
        var scores = new Scores(endpoints);
        server.takeMostOpen();
        Duration time = workload.run(name, tasks, new FreshTasks(manager, workload, scores)::start);
        return new Run(scores, time, server.takeMostOpen());
    }

    private Run pooled(String name, ConnectionPool<WebSocketEndpoint, WebSocketConnection> pool)
            throws InterruptedException {
        var scores = new Scores(endpoints);
        server.takeMostOpen();
        Duration time = workload.run(name, tasks, new PooledTasks(pool, workload, scores)::start);
        return new Run(scores, time, server.takeMostOpen());
    }

    /** The last cut may have hit an idle connection a moment ago: gives the news a little time to arrive. */
    private boolean awaitDeaths(ConnectionPool<?, ?> pool) throws InterruptedException {
        int cuts = PATHS.stream().mapToInt(server::cuts).sum();
        long start = System.nanoTime();
        while (Report.deaths(pool.stats()) < cuts) {
            if (System.nanoTime() - start > TIME_TO_NOTICE.toNanos()) {
                return false;
            }
            Thread.sleep(5); // the counts belong to other threads, and no call tells when they change
        }
        return true;
    }
}
