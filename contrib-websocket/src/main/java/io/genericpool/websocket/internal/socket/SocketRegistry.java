package io.genericpool.websocket.internal.socket;

import io.genericpool.websocket.WebSocketStats;
import io.genericpool.websocket.internal.queue.Termination;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** All attempts and connections of a manager that have not ended, so that closing it ends them; and what they add up to. */
public final class SocketRegistry {
    private final Set<Attempt> attempts = ConcurrentHashMap.newKeySet();
    private final Set<OkHttpConnection> connections = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    private final LongAdder connects = new LongAdder();
    private final LongAdder failedConnects = new LongAdder();
    private final LongAdder retries = new LongAdder();
    private final LongAdder reconnects = new LongAdder();
    private final LongAdder moves = new LongAdder();
    private final Times connectTimes = new Times();
    private final Times upgradeTimes = new Times();
    private final ConcurrentMap<Integer, LongAdder> closeCodes = new ConcurrentHashMap<>();

    /** Held while a connection moves from the set into the sums, so that a snapshot counts it once. */
    private final ReentrantLock moving = new ReentrantLock();

    private final Sums gone = new Sums();

    private static final class Times {
        private final LongAdder sum = new LongAdder();
        private final LongAccumulator longest = new LongAccumulator(Math::max, 0);

        void add(long nanos) {
            sum.add(nanos);
            longest.accumulate(nanos);
        }

        Duration sum() {
            return Duration.ofNanos(sum.sum());
        }

        Duration longest() {
            return Duration.ofNanos(longest.get());
        }
    }

    private static final class Sums {
        long messagesIn;
        long messagesOut;
        long bytesIn;
        long bytesOut;
        long dropped;

        void add(WebSocketStats stats) {
            messagesIn += stats.messagesIn();
            messagesOut += stats.messagesOut();
            bytesIn += stats.bytesIn();
            bytesOut += stats.bytesOut();
            dropped += stats.messagesDropped();
        }

        void add(Sums other) {
            messagesIn += other.messagesIn;
            messagesOut += other.messagesOut;
            bytesIn += other.bytesIn;
            bytesOut += other.bytesOut;
            dropped += other.dropped;
        }
    }

    void add(Attempt attempt) {
        attempts.add(attempt);
        if (closed) {
            attempt.abort(UpgradeAttempt.managerClosed(attempt.endpoint()));
        }
    }

    /** Gives up the attempts that nothing waits for any more. */
    public void giveUp(Predicate<Attempt> isUnwanted) {
        attempts.stream()
                .filter(isUnwanted)
                .forEach(attempt -> attempt.abort(new ConnectGivenUpException(attempt.endpoint())));
    }

    void remove(Attempt attempt) {
        attempts.remove(attempt);
    }

    void add(OkHttpConnection connection, ConnectTimes took) {
        connects.increment();
        connectTimes.add(took.connect());
        upgradeTimes.add(took.upgrade());
        connections.add(connection);
        if (closed) {
            connection.abort(Termination.cutByPool());
        }
    }

    void remove(OkHttpConnection connection) {
        moving.lock();
        try {
            if (connections.remove(connection)) {
                gone.add(connection.snapshot());
            }
        } finally {
            moving.unlock();
        }
    }

    /** A connection has ended with a close code. */
    void closed(int code) {
        closeCodes.computeIfAbsent(code, any -> new LongAdder()).increment();
    }

    void connectFailed() {
        failedConnects.increment();
    }

    void retried() {
        retries.increment();
    }

    public void reconnected() {
        reconnects.increment();
    }

    public void moved() {
        moves.increment();
    }

    public int connections() {
        return connections.size();
    }

    public boolean isClosed() {
        return closed;
    }

    public void close() {
        closed = true;
        attempts.forEach(attempt -> attempt.abort(UpgradeAttempt.managerClosed(attempt.endpoint())));
        connections.forEach(connection -> connection.abort(Termination.cutByPool()));
    }

    public ManagerSnapshot snapshot() {
        var sums = new Sums();
        int open;
        moving.lock();
        try {
            sums.add(gone);
            connections.forEach(connection -> sums.add(connection.snapshot()));
            open = connections.size();
        } finally {
            moving.unlock();
        }
        var codes = new TreeMap<Integer, Long>();
        closeCodes.forEach((code, count) -> codes.put(code, count.sum()));
        return new ManagerSnapshot(
                open,
                connects.sum(),
                failedConnects.sum(),
                retries.sum(),
                reconnects.sum(),
                moves.sum(),
                connectTimes.sum(),
                connectTimes.longest(),
                upgradeTimes.sum(),
                upgradeTimes.longest(),
                sums.messagesIn,
                sums.messagesOut,
                sums.bytesIn,
                sums.bytesOut,
                sums.dropped,
                Map.copyOf(codes));
    }
}
