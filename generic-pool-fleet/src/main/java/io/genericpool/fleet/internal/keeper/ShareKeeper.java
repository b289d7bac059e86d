package io.genericpool.fleet.internal.keeper;

import io.genericpool.PoolConfig;
import io.genericpool.spi.SharedLimits;
import io.genericpool.spi.SharedLimits.Demand;
import io.genericpool.spi.shared.Reply;
import io.genericpool.support.Nanos;
import java.time.Duration;
import java.util.Collection;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The keeper of one pool's shares. It gathers what the pool wants into one call at a time, keeps the session alive, and
 * tells the pool what it may have. All its state is guarded by one lock ({@link Guard}); the pool and the engine are
 * called without it.
 *
 * <p>A share goes back in three steps: the pool is told a smaller one, the pool says that it keeps to it and what it
 * still has, and the ledger is told the larger of the two. Only then is it free for others (F2).
 *
 * <p>Its parts: {@link Lines} are the numbers per endpoint, {@link Shares} decide what the pool may have, {@link Trust}
 * says how long the ledger's word holds, {@link Calls} make the calls, {@link Answers} take what comes back, and
 * {@link Ending} is the end.
 */
public final class ShareKeeper<E> implements SharedLimits.Session<E> {
    private final Means<E> means;
    private final KeeperSettings<E> settings;
    private final SharedLimits.Holder<E> pool;
    private final Guard guard;

    private final Lines<E> lines;
    private final Ending ending;
    private final Shares<E> shares;
    private final Trust<E> trust;
    private final Calls<E> calls;
    private final Answers<E> answers;

    /** Makes a keeper; {@link #start} opens its session. */
    public ShareKeeper(KeeperSettings<E> settings, SharedLimits.Holder<E> pool, String session) {
        this.means = Means.of(settings, pool, session);
        this.settings = settings;
        this.pool = pool;
        this.guard = means.guard();
        long now = means.clock().nanoTime();
        this.lines = new Lines<>(
                settings.totalCap() == PoolConfig.UNLIMITED
                        ? null
                        : new Line<>(null, "", "the pool as a whole", settings.totalCap(), now));
        this.ending = new Ending(means.alarms(), means.mailbox());
        this.shares = new Shares<>(means, lines, ending);
        this.trust = shares.trust();
        this.calls = new Calls<>(means, lines, shares, ending, new Receiver());
        this.answers = new Answers<>(means, lines, shares, ending, calls, this::end);
    }

    private final class Receiver implements Calls.Receiver<E> {
        @Override
        public void beat() {
            ShareKeeper.this.beat();
        }

        @Override
        public void answered(Call<E> call, @Nullable Reply reply, @Nullable Throwable failure) {
            answers.take(call, reply, failure);
        }
    }

    /** Opens the session: the first call goes out at once. */
    public void start() {
        guard.run(() -> {
            Line<E> total = lines.total();
            if (total != null) {
                shares.tellFirst(total);
                shares.count(total);
            }
        });
        ending.listens(settings.engine().subscribe(settings.fleet(), means.session(), this::hinted));
        calls.send(true);
    }

    // ---- what the pool tells

    @Override
    public void demand(@Nullable E endpoint, Demand demand) {
        Line<E> line = endpoint == null ? lines.total() : line(endpoint);
        if (line == null) {
            return;
        }
        guard.run(() -> {
            lines.keep(line);
            boolean isNew = line.accept(demand);
            if (ending.isOver()) {
                return;
            }
            if (isNew || line.version == 0) {
                shares.tellFirst(line);
            }
            if (line.isLimited()) {
                changed(line);
            }
        });
        sendIfEmpty();
    }

    @Override
    public void gone(E endpoint, long version) {
        guard.run(() -> {
            Line<E> line = lines.find(endpoint);
            if (line == null) {
                return;
            }
            line.leave(version);
            if (line.isLimited()) {
                changed(line);
            }
            lines.forgetIfDone(line, calls.isTelling(line));
        });
        sendIfEmpty();
    }

    /** Numbers of a line have changed: it gives back, takes what is its own, or is to be told to the ledger. */
    private void changed(Line<E> line) {
        shares.decide(line);
        shares.count(line);
        if (line.isNews()) {
            lines.markDirty(line);
        }
        lines.updateStarving(line);
        if (lines.hasNews()) {
            calls.gatherSoon();
        }
    }

    /** Calls about one endpoint do not overlap, so it is made once; and by the user's code, without the lock. */
    private Line<E> line(E endpoint) {
        Line<E> present = guard.get(() -> lines.find(endpoint));
        if (present != null) {
            return present;
        }
        int cap = settings.cap().applyAsInt(endpoint);
        if (cap < 1) {
            throw new IllegalArgumentException("the cap of an endpoint must be at least 1, but is " + cap + " for "
                    + pool.label(endpoint) + "; use UNLIMITED for an endpoint without one");
        }
        String key = "e:" + Objects.requireNonNull(settings.key().apply(endpoint), "key returned null");
        // Its label is asked for now, since that is the user's code and a conflict is found under the lock.
        var line = new Line<>(
                endpoint,
                key,
                "endpoint " + pool.label(endpoint),
                cap,
                means.clock().nanoTime());
        if (!Boolean.TRUE.equals(guard.get(() -> lines.add(endpoint, line)))) {
            throw new IllegalArgumentException("two endpoints have the key '" + key.substring(2) + "', one of them "
                    + pool.label(endpoint) + "; key must tell all endpoints apart");
        }
        return line;
    }

    // ---- what time and the engine tell

    private void hinted(Collection<String> endpoints) {
        guard.run(() -> {
            if (endpoints.isEmpty()) {
                lines.starving().forEach(lines::markDue); // it may be any
            }
            for (String key : endpoints) {
                Line<E> line = lines.withKey(key);
                if (line != null) {
                    lines.markDue(line);
                }
            }
            calls.hinted();
        });
    }

    private void beat() {
        guard.run(() -> {
            if (ending.isOver()) {
                return;
            }
            calls.setHeartbeat(); // first of all: it goes on while a call is in flight, and after an error
            trust.loseIfPast();
            lines.starving().forEach(lines::markDue);
            lines.limited().forEach(shares::tellAgainIfLate);
        });
        calls.send(true);
    }

    // ---- the end

    @Override
    public CompletionStage<?> close(Duration timeout) {
        long nanos = Nanos.ofTimeout(timeout);
        guard.run(() -> {
            ending.beginToClose();
            lines.limited().forEach(shares::count);
            ending.giveUpAfter(nanos);
        });
        sendIfEmpty();
        return ending.ended();
    }

    /** The last call need not gather. */
    private void sendIfEmpty() {
        if (Boolean.TRUE.equals(guard.get(() -> ending.isClosing() && lines.isEmpty() && !ending.isOver()))) {
            calls.send(false);
        }
    }

    /** Under the lock. */
    private void end() {
        calls.end();
        trust.end();
        ending.end();
    }
}
