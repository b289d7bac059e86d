package io.genericpool.reliability.peers;

import io.genericpool.websocket.WebSocketConnection;
import io.genericpool.websocket.WebSocketPool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Threads that use a pool without a pause: each asks something that no other asks, and looks whether the answer is its own.
 * One half of them uses it asynchronously.
 */
final class RestartLoad implements AutoCloseable {
    private static final Duration END = Duration.ofSeconds(60);

    /** Ends when each thread has had an answer to a question that it began to ask after a moment. */
    final class Recovery {
        private final long start = System.nanoTime();
        private final ConcurrentMap<Integer, Long> served = new ConcurrentHashMap<>();
        private final CountDownLatch missing = new CountDownLatch(threads.size());

        private void answered(int thread, long asked) {
            if (asked - start >= 0 && served.putIfAbsent(thread, System.nanoTime()) == null) {
                missing.countDown();
            }
        }

        /** Waits for it, and tells how long after the moment it was. */
        Duration await(Duration timeout) throws InterruptedException {
            if (!missing.await(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new AssertionError(
                        missing.getCount() + " threads were not served within " + timeout + "; failures " + failures());
            }
            long last =
                    served.values().stream().mapToLong(Long::longValue).max().orElse(start);
            return Duration.ofNanos(last - start);
        }
    }

    private final WebSocketPool pool;
    private final String path;
    private final Duration answerTimeout;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong exchanges = new AtomicLong();
    private final AtomicLong wrong = new AtomicLong();
    private final ConcurrentMap<String, AtomicLong> failures = new ConcurrentHashMap<>();
    private volatile Recovery recovery = new Recovery();
    private volatile boolean ended;

    RestartLoad(WebSocketPool pool, String path, int count, Duration answerTimeout) {
        this.pool = pool;
        this.path = path;
        this.answerTimeout = answerTimeout;
        for (int i = 0; i < count; i++) {
            int number = i;
            threads.add(new Thread(() -> work(number), "restart-load-" + i));
        }
        recovery = new Recovery();
        threads.forEach(Thread::start);
    }

    private void work(int number) {
        for (long i = 0; !ended; i++) {
            String question = number + "/" + i;
            long asked = System.nanoTime();
            try {
                if (ask(question, number % 2 == 0).equals(question)) {
                    exchanges.incrementAndGet();
                    recovery.answered(number, asked);
                } else {
                    wrong.incrementAndGet();
                }
            } catch (Throwable e) {
                failed(e);
            }
        }
    }

    private String ask(String question, boolean asynchronously) {
        if (asynchronously) {
            return pool.useAsync(path, connection -> connection
                            .sendAsync(question)
                            .thenCompose(sent -> connection.receiveAsync())
                            .orTimeout(answerTimeout.toMillis(), TimeUnit.MILLISECONDS))
                    .join()
                    .text();
        }
        return pool.use(path, connection -> ask(connection, question));
    }

    private String ask(WebSocketConnection connection, String question) {
        connection.send(question);
        return connection.receive(answerTimeout).text();
    }

    private void failed(Throwable e) {
        Throwable failure = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
        failures.computeIfAbsent(failure.getClass().getSimpleName(), name -> new AtomicLong())
                .incrementAndGet();
    }

    /** Begins to look for the recovery from an outage that ends now. */
    Recovery recover() {
        var now = new Recovery();
        recovery = now;
        return now;
    }

    long exchanges() {
        return exchanges.get();
    }

    /** Answers to another question than the one that was asked. */
    long wrong() {
        return wrong.get();
    }

    /** Uses that have failed, by exception. */
    TreeMap<String, Long> failures() {
        var counts = new TreeMap<String, Long>();
        failures.forEach((name, count) -> counts.put(name, count.get()));
        return counts;
    }

    /** Ends all threads and waits for their ends. */
    @Override
    public void close() {
        ended = true;
        for (Thread thread : threads) {
            try {
                thread.join(END.toMillis());
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            if (thread.isAlive()) {
                throw new AssertionError(thread + " does not end");
            }
        }
    }
}
