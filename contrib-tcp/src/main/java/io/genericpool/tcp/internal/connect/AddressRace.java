package io.genericpool.tcp.internal.connect;

import io.genericpool.spi.PoolClock;
import io.genericpool.support.Nanos;
import io.genericpool.tcp.internal.wire.SelectorWatch;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Connects to one of a host's addresses, as RFC 8305 ("Happy Eyeballs") describes: the next attempt starts when one fails,
 * or after a delay beside those on their way; the first to connect wins, and the others are closed.
 *
 * <p>Invariants: an attempt is in flight from before its socket is opened until it has ended. At most
 * {@link #MAX_IN_FLIGHT} are. The one that ends the race takes all out of flight and closes their sockets; an attempt that
 * finds itself out of flight closes its own. So no socket outlives the race but the winner's, which has exactly one owner:
 * the race's result.
 *
 * <p>All state is under one lock. Sockets are opened, connected and closed without it, and the result is completed
 * without it. Timers only hand on to the loop.
 */
public final class AddressRace {
    /** How many attempts may be in flight. Then the oldest, which had this many delays, makes room for the next. */
    public static final int MAX_IN_FLIGHT = 8;

    private final Dialer<?, ?> dialer;
    private final String endpoint;
    private final List<Target> targets;
    private final LongSupplier timeLeft;
    private final CompletableFuture<SelectorWatch> winner = new CompletableFuture<>();
    private final ReentrantLock lock = new ReentrantLock();

    // Under the lock:
    private final Deque<Attempt> inFlight = new ArrayDeque<>();
    private final ConnectFailures failures = new ConnectFailures();
    private int next;
    /** How many attempts shall start now. */
    private int due;
    /** Whether a thread is at work starting attempts; it takes those along that become due meanwhile. */
    private boolean starting;

    private boolean over;
    private volatile PoolClock.@Nullable Timer delay;

    private static final class Attempt {
        final Target target;
        final long startedAt;
        /** Written under the lock, once. */
        volatile @Nullable SelectorWatch watch;
        /** Written under the lock, once. */
        volatile PoolClock.@Nullable Timer limit;

        Attempt(Target target, long startedAt) {
            this.target = target;
            this.startedAt = startedAt;
        }
    }

    /**
     * Makes a race that has not started.
     *
     * @param endpoint its name in messages
     * @param targets in the order of their turn
     * @param timeLeft until the connect as a whole must have ended
     */
    AddressRace(Dialer<?, ?> dialer, String endpoint, List<Target> targets, LongSupplier timeLeft) {
        this.dialer = dialer;
        this.endpoint = endpoint;
        this.targets = targets;
        this.timeLeft = timeLeft;
    }

    /** Starts. @return the socket that connected first, in non-blocking mode, for its receiver to close */
    CompletableFuture<SelectorWatch> start() {
        startNext();
        return winner;
    }

    /** One more attempt is due. In a loop: a thousand addresses that refuse at once take one stack level. */
    private void startNext() {
        lock.lock();
        try {
            due++;
            if (starting || over) {
                return;
            }
            starting = true;
        } finally {
            lock.unlock();
        }
        for (Attempt attempt = takeNext(); attempt != null; attempt = takeNext()) {
            begin(attempt);
        }
    }

    private @Nullable Attempt takeNext() {
        Attempt givenUp = null;
        Attempt taken = null;
        boolean lost = false;
        lock.lock();
        try {
            if (!over && due > 0 && next < targets.size()) {
                due--;
                givenUp = inFlight.size() == MAX_IN_FLIGHT ? inFlight.poll() : null;
                taken = new Attempt(targets.get(next), dialer.clock.nanoTime());
                inFlight.add(taken);
                next++;
            } else {
                starting = false;
                due = 0;
                lost = !over && inFlight.isEmpty() && next == targets.size();
                over |= lost;
            }
        } finally {
            lock.unlock();
        }
        if (givenUp != null) {
            giveUp(givenUp);
        }
        if (lost) {
            lose();
        }
        return taken;
    }

    private void begin(Attempt attempt) {
        try {
            SocketChannel channel = dialer.transport.open(attempt.target);
            var watch = new SelectorWatch(dialer.loop, channel);
            if (!isKept(attempt, watch)) {
                watch.close();
                return;
            }
            var connected = Steps.run(watch, dialer.executor, List.of(new ConnectStep(channel, attempt.target)));
            if (!connected.isDone()) {
                setTimers(attempt);
            }
            var unused = connected.whenComplete((nothing, failure) -> ended(attempt, failure));
        } catch (Throwable e) {
            ended(attempt, e);
        }
    }

    /** Whether the race still wants an attempt, whose socket it knows from now on. */
    private boolean isKept(Attempt attempt, SelectorWatch watch) {
        lock.lock();
        try {
            attempt.watch = watch;
            return inFlight.contains(attempt);
        } finally {
            lock.unlock();
        }
    }

    private void setTimers(Attempt attempt) {
        long left = timeLeft.getAsLong();
        int targetsLeft;
        lock.lock();
        try {
            targetsLeft = targets.size() - next;
        } finally {
            lock.unlock();
        }
        Pace pace = dialer.transport.pace();
        long limit = pace.limit(left, targetsLeft);
        if (!Nanos.isOff(limit)) {
            keepLimit(attempt, dialer.after(limit, () -> dialer.onLoop(() -> overran(attempt, limit))));
        }
        long wait = pace.delay(left, targetsLeft);
        if (targetsLeft > 0 && !Nanos.isOff(wait)) {
            keepDelay(dialer.after(wait, () -> dialer.onLoop(this::startNext)));
        }
    }

    private void keepLimit(Attempt attempt, PoolClock.Timer timer) {
        boolean wanted;
        lock.lock();
        try {
            wanted = inFlight.contains(attempt);
            attempt.limit = timer;
        } finally {
            lock.unlock();
        }
        if (!wanted) {
            timer.cancel();
        }
    }

    /** There is one delay at a time: since the attempt that started last. */
    private void keepDelay(PoolClock.Timer timer) {
        PoolClock.Timer unwanted = timer;
        lock.lock();
        try {
            if (!over) {
                unwanted = delay;
                delay = timer;
            }
        } finally {
            lock.unlock();
        }
        cancel(unwanted);
    }

    private void overran(Attempt attempt, long limit) {
        ended(attempt, new SocketTimeoutException("no answer within " + Nanos.text(limit)));
    }

    private void giveUp(Attempt attempt) {
        long waited = dialer.clock.nanoTime() - attempt.startedAt;
        var why = new SocketTimeoutException(
                "no answer within " + Nanos.text(waited) + "; cancelled to try the next of many addresses");
        remember(attempt, why);
        close(attempt);
    }

    private void remember(Attempt attempt, Throwable failure) {
        lock.lock();
        try {
            failures.add(attempt.target, failure);
        } finally {
            lock.unlock();
        }
        dialer.memory.failed(attempt.target.address());
    }

    /** @param failure null when it has connected */
    private void ended(Attempt attempt, @Nullable Throwable failure) {
        boolean first = false;
        List<Attempt> losers = List.of();
        lock.lock();
        try {
            if (inFlight.remove(attempt)) {
                first = true;
                if (failure == null || failure instanceof Error) {
                    losers = end();
                }
            }
        } finally {
            lock.unlock();
        }
        if (!first) {
            close(attempt);
        } else if (failure == null) {
            cancel(attempt.limit);
            cancel(delay);
            losers.forEach(this::closeLoser);
            dialer.memory.connected(attempt.target.address());
            win(attempt);
        } else if (failure instanceof Error) {
            close(attempt);
            cancel(delay);
            losers.forEach(AddressRace::close);
            winner.completeExceptionally(failure);
        } else {
            remember(attempt, failure);
            close(attempt);
            startNext();
        }
    }

    private void win(Attempt attempt) {
        SelectorWatch watch = attempt.watch;
        if (watch != null && !winner.complete(watch)) {
            watch.close();
        }
    }

    private void lose() {
        ConnectException failure;
        lock.lock();
        try {
            failure = failures.toException(endpoint);
        } finally {
            lock.unlock();
        }
        cancel(delay);
        winner.completeExceptionally(failure);
    }

    /** Ends the race without a winner: closes what is in flight. No effect on one that is over. */
    void abandon() {
        List<Attempt> left;
        lock.lock();
        try {
            left = end();
        } finally {
            lock.unlock();
        }
        cancel(delay);
        left.forEach(this::closeLoser);
    }

    /** Under the lock: nothing is in flight any more. @return what was, for the caller to close */
    private List<Attempt> end() {
        over = true;
        var left = List.copyOf(inFlight);
        inFlight.clear();
        return left;
    }

    /** One that was overtaken is tried last for a while if it had the time that others are given. */
    private void closeLoser(Attempt loser) {
        long waited = dialer.clock.nanoTime() - loser.startedAt;
        if (waited >= dialer.transport.pace().attemptDelay()) {
            dialer.memory.failed(loser.target.address());
        }
        close(loser);
    }

    private static void close(Attempt attempt) {
        cancel(attempt.limit);
        SelectorWatch watch = attempt.watch;
        if (watch != null) {
            watch.close();
        }
    }

    private static void cancel(PoolClock.@Nullable Timer timer) {
        if (timer != null) {
            timer.cancel();
        }
    }

    /** Which addresses have not answered yet, such as {@code connecting to /127.0.0.1:80, /127.0.0.2:80}. */
    String phase() {
        lock.lock();
        try {
            return inFlight.stream()
                    .map(attempt -> attempt.target.address().toString())
                    .collect(Collectors.joining(", ", "connecting to ", ""));
        } finally {
            lock.unlock();
        }
    }

    /** Adds what has failed so far to a failure of the whole. */
    void explain(Throwable failure) {
        lock.lock();
        try {
            failures.addTo(failure);
        } finally {
            lock.unlock();
        }
    }
}
