package io.genericpool.jdbc;

import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLongArray;
import javax.sql.DataSource;

/** Threads that read without a pause, each on a connection of its own per read. */
final class Reads implements AutoCloseable {
    private final DataSource source;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLongArray successes;
    private final Queue<SQLException> notConnected = new ConcurrentLinkedQueue<>();
    private final Queue<SQLException> broken = new ConcurrentLinkedQueue<>();
    private volatile boolean ended;

    Reads(DataSource source, int workers) {
        this.source = source;
        this.successes = new AtomicLongArray(workers);
        for (int i = 0; i < workers; i++) {
            int worker = i;
            var thread = new Thread(() -> work(worker), "read-" + i);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    private void work(int worker) {
        while (!ended) {
            boolean connected = false;
            try (var connection = source.getConnection()) {
                connected = true;
                try (var statement = connection.createStatement()) {
                    statement.executeQuery("select count(*) from orders").next();
                }
                successes.incrementAndGet(worker);
            } catch (SQLException e) {
                (connected ? broken : notConnected).add(e);
            }
        }
    }

    /** Waits until each thread has succeeded some times more. */
    void awaitSuccesses(int times, Duration timeout) {
        long[] before = new long[successes.length()];
        for (int i = 0; i < before.length; i++) {
            before[i] = successes.get(i);
        }
        await().pollInterval(Duration.ofMillis(5)).atMost(timeout).until(() -> {
            for (int i = 0; i < before.length; i++) {
                if (successes.get(i) < before[i] + times) {
                    return false;
                }
            }
            return true;
        });
    }

    /** Requests that failed before they had a connection. */
    Queue<SQLException> notConnected() {
        return notConnected;
    }

    /** Reads whose connection failed under them. */
    Queue<SQLException> broken() {
        return broken;
    }

    /** Ends the threads and waits for them. */
    @Override
    public void close() {
        ended = true;
        await().atMost(Duration.ofSeconds(30)).until(() -> threads.stream().noneMatch(Thread::isAlive));
    }
}
