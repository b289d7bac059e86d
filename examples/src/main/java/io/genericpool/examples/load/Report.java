package io.genericpool.examples.load;

import io.genericpool.ConnectionPool;
import io.genericpool.ConnectionStats;
import io.genericpool.DisposeReason;
import io.genericpool.websocket.WebSocketConnection;
import io.genericpool.websocket.WebSocketEndpoint;
import java.util.Locale;
import java.util.function.ToIntFunction;

/** Puts what was measured into tables. */
public final class Report {
    private Report() {}

    /** Deaths a pool has noticed: those it was told of, and those a task ran into and gave up. */
    public static long deaths(ConnectionStats stats) {
        return stats.disposed(DisposeReason.DEAD) + stats.disposed(DisposeReason.INVALIDATED);
    }

    /** One row an endpoint. */
    public static String endpoints(
            ConnectionPool<WebSocketEndpoint, WebSocketConnection> pool,
            Scores scores,
            ToIntFunction<WebSocketEndpoint> cuts) {
        var table = new Table();
        table.row("", "", "", "", "acquire", "acquire", "cut by", "deaths", "", "wrong or");
        table.row("endpoint", "opened", "leases", "reuse", "median", "99 %", "server", "noticed", "retries", "missing");
        int allCuts = 0;
        for (var endpoint : scores.endpoints()) {
            int cut = cuts.applyAsInt(endpoint);
            allCuts += cut;
            row(table, endpoint.path(), pool.stats(endpoint).orElseThrow(), scores.of(endpoint), cut);
        }
        row(table, "all", pool.stats(), scores.total(), allCuts);
        return table.toString();
    }

    private static void row(Table table, String name, ConnectionStats stats, Score score, int cuts) {
        double reused = 100.0 * (stats.granted() - stats.created()) / Math.max(1, stats.granted());
        table.row(
                name,
                stats.created(),
                stats.granted(),
                String.format(Locale.ROOT, "%.1f %%", reused),
                millis(score.waits.percentileMillis(50)),
                millis(score.waits.percentileMillis(99)),
                cuts,
                deaths(stats),
                score.retries(),
                score.wrongOrMissing());
    }

    /** One row a way of having connections. */
    public static String costs(Run fresh, Run pooled, int tasks) {
        var table = new Table();
        table.row("", "to have one", "to have one", "most open", "all tasks", "", "wrong or");
        table.row("connections", "median", "99 %", "at once", "took", "a task", "missing");
        row(table, "fresh", fresh, tasks);
        row(table, "pooled", pooled, tasks);
        double ratio = (double) fresh.time().toNanos() / pooled.time().toNanos();
        return table + String.format(Locale.ROOT, "A task costs %.1f times as much with a fresh connection.%n", ratio);
    }

    private static void row(Table table, String name, Run run, int tasks) {
        Score total = run.scores().total();
        table.row(
                name,
                millis(total.waits.percentileMillis(50)),
                millis(total.waits.percentileMillis(99)),
                run.mostOpen(),
                String.format(Locale.ROOT, "%.2f s", run.time().toNanos() / 1e9),
                millis(run.time().toNanos() / 1e6 / tasks),
                total.wrongOrMissing());
    }

    private static String millis(double millis) {
        return String.format(Locale.ROOT, "%.3f ms", millis);
    }
}
