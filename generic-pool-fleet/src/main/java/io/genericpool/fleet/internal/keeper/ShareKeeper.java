package io.genericpool.fleet.internal.keeper;

import io.genericpool.PoolConfig;
import io.genericpool.spi.PoolClock;
import io.genericpool.spi.SharedLimits;
import io.genericpool.spi.SharedLimits.Demand;
import io.genericpool.spi.SharedLimits.Giving;
import io.genericpool.spi.shared.Batch;
import io.genericpool.spi.shared.Claim;
import io.genericpool.spi.shared.FleetEngine;
import io.genericpool.spi.shared.Grant;
import io.genericpool.spi.shared.Reply;
import io.genericpool.support.Nanos;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keeper of one pool's shares. It gathers what the pool wants into one call at a time, keeps the session alive, and
 * tells the pool what it may have. All its state is guarded by one lock; the pool and the engine are called without it.
 *
 * <p>A share goes back in three steps: the pool is told a smaller one, the pool says that it keeps to it and what it
 * still has, and the ledger is told the larger of the two. Only then is it free for others (F2).
 */
public final class ShareKeeper<E> implements SharedLimits.Session<E> {
    private static final Logger LOG = LoggerFactory.getLogger(ShareKeeper.class);
    private static final long SECOND = 1_000_000_000L;
    /** So many tries in the time of a heartbeat, while the engine is away. */
    private static final long RETRIES = 5;

    private final KeeperSettings<E> settings;
    private final SharedLimits.Holder<E> pool;
    /** Processes that start together do not call together for ever. */
    private final long spread;

    private final PoolClock clock;
    private final String session;
    private final CompletableFuture<Object> ended = new CompletableFuture<>();
    private final Mailbox mailbox = new Mailbox();
    private final Alarms alarms;

    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by the lock.
    private final Map<E, Line<E>> lines = new HashMap<>();
    private final Map<String, Line<E>> byKey = new HashMap<>();
    private final @Nullable Line<E> total;
    private final Set<Line<E>> dirty = new LinkedHashSet<>();
    /** Those that must come down to a target. */
    private final Set<Line<E>> pressed = new LinkedHashSet<>();
    /** Those that want more than they have. */
    private final Set<Line<E>> starving = new LinkedHashSet<>();

    private long sum;
    private long sequence;
    /** The version of the last share of any line: they never start anew, so that none can be taken for another. */
    private long versions;

    /** The call in flight; null when there is none. */
    private @Nullable Call inFlight;

    private boolean gathering;
    /** After a hint: what has changed is in the reply, so the next call goes out even if it says nothing new. */
    private boolean hinted;

    private Alarms.@Nullable Alarm heartbeat;
    private boolean givingSoon;
    private boolean restate;
    /** F4: what was granted is trusted until then. */
    private long validUntil;

    private boolean valid = true;
    /** An engine has answered before: until then there is nothing to lose. */
    private boolean wasGranted;
    /** After a pause of the process. Others may have its shares by now; the next answer will say so. */
    private boolean waking;

    private Alarms.@Nullable Alarm leaseTimer;
    private boolean reachable = true;
    private boolean learning;
    private boolean closing;
    private boolean over;
    private Alarms.@Nullable Alarm closeTimer;
    private FleetEngine.@Nullable Subscription subscription;

    private final class Call {
        final Batch batch;
        final long sentAt;
        final List<Line<E>> lines;
        Alarms.@Nullable Alarm timeout;

        Call(Batch batch, long sentAt, List<Line<E>> lines) {
            this.batch = batch;
            this.sentAt = sentAt;
            this.lines = lines;
        }
    }

    /** Makes a keeper; {@link #start} opens its session. */
    public ShareKeeper(KeeperSettings<E> settings, SharedLimits.Holder<E> pool, String session) {
        this.settings = settings;
        this.pool = pool;
        this.session = session;
        PoolClock own = settings.clock();
        this.clock = own == null ? pool.clock() : own;
        this.alarms = new Alarms(clock, mailbox);
        this.validUntil = clock.nanoTime();
        this.spread = Math.floorMod(session.hashCode(), Math.max(1, settings.heartbeat() / 10));
        this.total = settings.totalCap() == PoolConfig.UNLIMITED
                ? null
                : new Line<>(null, "", "the pool as a whole", settings.totalCap(), clock.nanoTime());
    }

    /** Opens the session: the first call goes out at once. */
    public void start() {
        locked(() -> {
            if (total != null) {
                byKey.put(total.key, total);
                tell(total, allowed(total), Giving.ALL);
                refresh(total);
            }
        });
        subscription = settings.engine().subscribe(settings.fleet(), session, this::hinted);
        send(true);
    }

    // ---- what the pool tells

    @Override
    public void demand(@Nullable E endpoint, Demand demand) {
        Line<E> line = endpoint == null ? total : line(endpoint);
        if (line == null) {
            return;
        }
        locked(() -> {
            keep(line);
            boolean isNew = line.accept(demand);
            if (over) {
                return;
            }
            if (isNew || line.version == 0) {
                tell(line, line.isLimited() ? allowed(line) : PoolConfig.UNLIMITED, Giving.ALL);
            }
            if (line.isLimited()) {
                changed(line);
            }
        });
        sendIfEmpty();
    }

    @Override
    public void gone(E endpoint, long version) {
        locked(() -> {
            Line<E> line = lines.get(endpoint);
            if (line == null) {
                return;
            }
            line.leave(version);
            if (line.isLimited()) {
                changed(line);
            }
            forgetIfDone(line);
        });
        sendIfEmpty();
    }

    /** Calls about one endpoint do not overlap, so it is made once; and by the user's code, without the lock. */
    private Line<E> line(E endpoint) {
        Line<E> present = locked(() -> lines.get(endpoint));
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
        var line = new Line<>(endpoint, key, "endpoint " + pool.label(endpoint), cap, clock.nanoTime());
        boolean isSecond = Boolean.TRUE.equals(locked(() -> {
            lines.put(endpoint, line);
            return line.isLimited() && byKey.putIfAbsent(key, line) != null;
        }));
        if (isSecond) {
            locked(() -> lines.remove(endpoint, line));
            throw new IllegalArgumentException("two endpoints have the key '" + key.substring(2) + "', one of them "
                    + pool.label(endpoint) + "; key must tell all endpoints apart");
        }
        return line;
    }

    /** Under the lock: it may have been forgotten since it was looked up, by a reply that came in between. */
    private void keep(Line<E> line) {
        E endpoint = line.endpoint;
        if (endpoint != null && lines.get(endpoint) != line) {
            lines.put(endpoint, line);
            if (line.isLimited()) {
                byKey.put(line.key, line);
            }
        }
    }

    private void forgetIfDone(Line<E> line) {
        E endpoint = line.endpoint;
        boolean isDone = line.gone && (!line.isLimited() || (line.reported == 0 && !line.dirty && line.right == 0));
        boolean isInFlight = inFlight != null && inFlight.batch.sequence() == line.sentIn; // then its reply does
        if (endpoint != null && isDone && !isInFlight && lines.remove(endpoint, line)) {
            byKey.remove(line.key, line);
            dirty.remove(line);
            pressed.remove(line);
            starving.remove(line);
            sum -= line.counted;
            line.counted = 0;
        }
    }

    // ---- decisions, under the lock

    /** Numbers of a line have changed: it gives back, takes what is its own, or is to be told to the ledger. */
    private void changed(Line<E> line) {
        decide(line);
        refresh(line);
        if (line.isNews()) {
            markDirty(line);
        }
        updateStarving(line);
        if (!dirty.isEmpty()) {
            gatherSoon();
        }
    }

    private void markDirty(Line<E> line) {
        line.dirty = true;
        dirty.add(line);
    }

    /** The next call names it, whatever its numbers are. */
    private void markDue(Line<E> line) {
        line.due = true;
        markDirty(line);
    }

    private void updateStarving(Line<E> line) {
        if (line.isStarving()) {
            starving.add(line);
        } else {
            starving.remove(line);
        }
    }

    private void refresh(Line<E> line) {
        int claim =
                isFrozen() && !closing && (line.gone || line.shut) ? Math.max(line.right, line.claim()) : line.claim();
        sum += claim - line.counted;
        line.counted = claim;
        if (claim < line.reported) {
            markDirty(line);
        }
    }

    /** F8: while the engine is away or learns, nothing goes back: it could be granted to no process. */
    private boolean isFrozen() {
        return !reachable || learning;
    }

    /** What the pool may have, if it gives nothing back. */
    private int allowed(Line<E> line) {
        int fallback = settings.fallback();
        if (valid || fallback == KeeperSettings.KEEP) {
            return line.right;
        }
        long most = line.endpoint == null ? (long) fallback * lines.size() : fallback;
        return (int) Math.min(line.cap, most);
    }

    private void decide(Line<E> line) {
        if (line.gone || line.shut || closing || waking) {
            return;
        }
        int allowed = allowed(line);
        if (line.told > allowed) {
            tell(line, allowed, Giving.ALL);
        } else if (isFrozen()) {
            raise(line, allowed);
        } else if (!line.isConfirmed()) {
            raiseIfWanted(line, allowed);
        } else if (line.target < line.told) {
            press(line, line.target);
            pressed.add(line);
            giveSoon();
        } else if (line.waiting > 0 && line.told > line.wanted()) {
            press(line, line.wanted());
        } else if (line.told > Math.max(line.useful(), line.held())) { // else it would answer the same, for ever
            tell(line, line.useful(), Giving.UNUSED);
        } else {
            raiseIfWanted(line, allowed);
        }
    }

    /** Idle connections go at once; not more often than once a second, since they may all be in use. */
    private void press(Line<E> line, int down) {
        long now = clock.nanoTime();
        if (now - line.nextPress >= 0) {
            line.nextPress = now + SECOND;
            tell(line, down, Giving.IDLE);
        }
    }

    private void raiseIfWanted(Line<E> line, int allowed) {
        if (line.target == Grant.NO_TARGET) {
            raise(line, Math.min(allowed, line.waiting > 0 ? line.wanted() : line.useful()));
        }
    }

    private void raise(Line<E> line, int connections) {
        if (line.told < connections) {
            tell(line, connections, Giving.ALL);
        }
    }

    private void tell(Line<E> line, int connections, Giving giving) {
        SharedLimits.Share share = line.next(++versions, connections, giving);
        mailbox.add(() -> pool.share(line.endpoint, share));
    }

    private void giveSoon() {
        if (!givingSoon && !over) {
            givingSoon = true;
            alarms.set(this::give, SECOND);
        }
    }

    /** Each second, half of what is left beyond a target. */
    private void give() {
        locked(() -> {
            givingSoon = false;
            for (Line<E> line : List.copyOf(pressed)) {
                if (line.target >= line.told || isFrozen() || line.gone) {
                    pressed.remove(line);
                } else {
                    int excess = line.told - line.target;
                    tell(line, line.told - (excess + 1) / 2, Giving.ALL);
                }
            }
            if (!pressed.isEmpty()) {
                giveSoon();
            }
        });
    }

    // ---- calls of the engine

    private void hinted(Collection<String> endpoints) {
        locked(() -> {
            if (endpoints.isEmpty()) {
                starving.forEach(this::markDue); // it may be any
            }
            for (String key : endpoints) {
                Line<E> line = byKey.get(key);
                if (line != null) {
                    markDue(line);
                }
            }
            hinted = true;
            gatherSoon();
        });
    }

    private void gatherSoon() {
        if (!gathering && inFlight == null && !over && reachable) {
            gathering = true;
            alarms.set(this::gathered, settings.gather());
        }
    }

    private void gathered() {
        locked(() -> gathering = false);
        send(false);
    }

    private void beat() {
        locked(() -> {
            if (over) {
                return;
            }
            setHeartbeat(pace()); // first of all: it goes on while a call is in flight, and after an error
            loseIfOver();
            starving.forEach(this::markDue);
            byKey.values().forEach(this::tellAgain);
        });
        send(true);
    }

    /** How long until the next beat. Two calls in a row may be lost, and the ledger still sees no gap. */
    private long pace() {
        long beat = settings.heartbeat();
        return reachable ? beat - spread : Math.min(SECOND, Math.max(1, beat / RETRIES));
    }

    /** The pool has not answered for a whole heartbeat: an error may have lost the share on its way. */
    private void tellAgain(Line<E> line) {
        if (line.isConfirmed() || line.gone || line.version == 0) {
            line.late = false;
        } else if (line.late) {
            tell(line, line.told, line.giving);
        } else {
            line.late = true;
        }
    }

    private void leaseMayBeOver() {
        locked(() -> {
            leaseTimer = null;
            loseIfOver();
            watchLease();
        });
    }

    /** Between two calls, too, the trust ends in time. */
    private void watchLease() {
        if (valid && !over && leaseTimer == null) {
            leaseTimer = alarms.set(this::leaseMayBeOver, Math.max(1, validUntil - clock.nanoTime()));
        }
    }

    private void loseIfOver() {
        if (wasGranted && clock.nanoTime() - validUntil >= 0) {
            lose();
        }
    }

    /** Under the lock: what was granted is not trusted any more. */
    private void lose() {
        if (!valid) {
            return;
        }
        valid = false;
        // A call that gets no answer makes the engine unreachable long before the lease is over.
        waking = reachable && settings.fallback() == KeeperSettings.KEEP;
        if (waking) {
            // It has slept over its lease: what it has open stays until the ledger answers, and nothing is added.
            byKey.values().forEach(line -> tell(line, 0, Giving.UNUSED));
        }
        decideAll();
    }

    private void decideAll() {
        for (Line<E> line : byKey.values()) {
            decide(line);
            refresh(line);
        }
    }

    /** Sends what has gathered, and at a beat without news too; unless a call is in flight: then its end does. */
    private void send(boolean isBeat) {
        Call call = locked(() -> nextCall(isBeat));
        if (call == null) {
            return;
        }
        CompletionStage<Reply> stage;
        try {
            stage = Objects.requireNonNull(settings.engine().sync(call.batch), "sync returned null");
        } catch (Throwable e) {
            stage = CompletableFuture.failedFuture(e);
        }
        CompletionStage<?> unused = stage.handle((reply, failure) -> {
            answered(call, reply, failure);
            return true;
        });
    }

    private @Nullable Call nextCall(boolean isBeat) {
        if (inFlight != null || over) {
            return null;
        }
        loseIfOver();
        long now = clock.nanoTime();
        boolean isLast = closing && isEmpty();
        // A ledger that may have dropped the session is told everything at once.
        boolean isOver = sequence > 0 && now - validUntil >= 0;
        boolean isAll = restate || isOver;
        List<Line<E>> told = new ArrayList<>(isAll ? byKey.values() : dirty);
        told.forEach(this::refresh);
        if (!isAll) {
            told.removeIf(this::isNothingNew);
        }
        if (told.isEmpty() && !isBeat && !hinted && !isAll && !isLast) {
            return null;
        }
        hinted = false;
        List<Claim> claims = new ArrayList<>(told.size());
        for (Line<E> line : told) {
            int claim = line.counted;
            // What the ledger hears of is given up, whether or not this call reaches it.
            line.right = Math.min(line.right, claim);
            line.sent(claim, sequence + 1);
            claims.add(new Claim(line.key, line.ownCap, claim, line.wanted(), line.nice()));
        }
        told.forEach(dirty::remove);
        Batch.Kind kind = isLast ? Batch.Kind.LEAVE : isAll ? Batch.Kind.RESTATEMENT : Batch.Kind.CHANGES;
        var batch = new Batch(
                settings.fleet(),
                session,
                ++sequence,
                Nanos.toDuration(settings.lease() + settings.grace()),
                settings.capVersion(),
                Math.max(0, sum),
                kind,
                isLast ? List.of() : claims);
        var call = new Call(batch, now, told);
        inFlight = call;
        call.timeout = alarms.set(() -> overdue(call), settings.heartbeat());
        setHeartbeat(pace());
        return call;
    }

    /** Its numbers have come back to what the ledger was told: another call would change nothing. */
    private boolean isNothingNew(Line<E> line) {
        if (line.isWorthTelling()) {
            return false;
        }
        line.dirty = false;
        dirty.remove(line);
        forgetIfDone(line);
        return true;
    }

    private boolean isEmpty() {
        return sum == 0;
    }

    private void setHeartbeat(long delay) {
        if (heartbeat != null) {
            heartbeat.cancel();
        }
        heartbeat = alarms.set(this::beat, delay);
    }

    private void overdue(Call call) {
        answered(
                call,
                null,
                new TimeoutException("the engine did not answer within " + Nanos.text(settings.heartbeat())));
    }

    private void answered(Call call, @Nullable Reply reply, @Nullable Throwable failure) {
        locked(() -> {
            if (inFlight != call) {
                return; // it came too late, and another one has told everything anew
            }
            inFlight = null;
            Alarms.Alarm timeout = call.timeout;
            if (timeout != null) {
                timeout.cancel();
            }
            if (reply == null || !reply.applied()) {
                failed(call, failure == null ? new IllegalStateException("the engine took no " + call.batch) : failure);
            } else if (!call.batch.leaving() && clock.nanoTime() - validUntilBy(call) >= 0) {
                tooLate(call);
            } else {
                succeeded(call, reply);
            }
        });
    }

    private long validUntilBy(Call call) {
        return call.sentAt + settings.lease() - settings.margin();
    }

    /** F4: the process was stopped since it sent the call, and the ledger may have dropped its session by now. */
    private void tooLate(Call call) {
        call.lines.forEach(this::markDue);
        loseIfOver();
        gatherSoon(); // its lease is over, so it restates
    }

    private void failed(Call call, Throwable failure) {
        call.lines.forEach(this::markDue);
        if (call.batch.leaving()) {
            end(); // what is left in the ledger expires
            return;
        }
        loseIfOver(); // first: an engine that is away does not let a lease run out unnoticed, but a pause does
        if (reachable) {
            reachable = false;
            mailbox.add(() -> LOG.warn(
                    "pool {}: the engine of fleet '{}' cannot be reached; the pool {}",
                    pool.name(),
                    settings.fleet(),
                    settings.fallback() == KeeperSettings.KEEP
                            ? "keeps its shares, and they do not grow"
                            : "has up to " + settings.fallback() + " connections per endpoint once its lease is over",
                    failure));
            mailbox.add(() -> pool.reachable(false, failure));
        }
        if (!wasGranted) {
            valid = false; // it has nothing that it could trust
        }
        setHeartbeat(pace());
        decideAll(); // F8: the whole right stays
    }

    private void succeeded(Call call, Reply reply) {
        if (call.batch.leaving()) {
            end();
            return;
        }
        validUntil = validUntilBy(call);
        wasGranted = true;
        waking = false;
        boolean wasFrozen = isFrozen();
        boolean wasValid = valid;
        valid = true;
        watchLease();
        learning = reply.learning();
        restate = reply.restate();
        if (!reachable) {
            reachable = true;
            mailbox.add(() ->
                    LOG.info("pool {}: the engine of fleet '{}' can be reached again", pool.name(), settings.fleet()));
            mailbox.add(() -> pool.reachable(true, null));
        }
        if (reply.newSession() && call.batch.sum() > 0) {
            mailbox.add(() -> LOG.warn(
                    "pool {}: its session in fleet '{}' had expired; it keeps what is still free and closes the rest",
                    pool.name(),
                    settings.fleet()));
        }
        Set<Line<E>> answered = new HashSet<>();
        for (Grant grant : reply.grants()) {
            Line<E> line = byKey.get(grant.endpoint());
            if (line != null) {
                answered.add(line);
                granted(line, grant);
            }
        }
        for (Line<E> line : List.copyOf(pressed)) {
            if (!answered.contains(line)) {
                line.target = Grant.NO_TARGET; // else the reply would name it
                line.waiting = 0;
                pressed.remove(line);
            }
        }
        if (wasFrozen != isFrozen() || !wasValid) {
            decideAll();
        }
        for (Line<E> line : call.lines) {
            forgetIfDone(line);
        }
        if (!dirty.isEmpty() || restate || (closing && isEmpty())) {
            gatherSoon();
        }
    }

    private void granted(Line<E> line, Grant grant) {
        line.right = grant.share();
        line.reported = grant.share();
        line.target = grant.target();
        line.waiting = grant.waiting();
        boolean isConflict = grant.capVersion() == settings.capVersion() && grant.cap() != line.ownCap;
        line.problem = isConflict ? line.problem == null ? conflict(line, grant.cap()) : line.problem : null;
        line.cap = isConflict ? line.ownCap : grant.cap();
        if (line.isWantNews()) {
            markDirty(line); // the cap was all that kept it from more
        }
        decide(line);
        if (line.isConfirmed() && line.isOutdated() && !line.gone && !closing) {
            tell(line, line.told, Giving.ALL);
        }
        refresh(line);
        updateStarving(line);
    }

    private Throwable conflict(Line<E> line, int other) {
        var problem = new IllegalStateException("fleet '" + settings.fleet() + "' has a cap of " + other + " for "
                + line.label + ", but this process was built with " + line.ownCap + ", both with capVersion "
                + settings.capVersion() + "; give all processes one cap, or raise capVersion with it");
        if (!line.wasWarned) {
            line.wasWarned = true;
            mailbox.add(() -> LOG.warn("pool {}: it gets no connections: {}", pool.name(), problem.getMessage()));
        }
        return problem;
    }

    // ---- the end

    @Override
    public CompletionStage<?> close(Duration timeout) {
        long nanos = Nanos.ofTimeout(timeout);
        locked(() -> {
            closing = true;
            byKey.values().forEach(this::refresh);
            if (!over) {
                closeTimer = alarms.set(() -> ended.complete(this), nanos);
            }
        });
        sendIfEmpty();
        return ended;
    }

    /** The last call need not gather. */
    private void sendIfEmpty() {
        if (Boolean.TRUE.equals(locked(() -> closing && isEmpty() && !over))) {
            send(false);
        }
    }

    /** Under the lock. */
    private void end() {
        over = true;
        if (heartbeat != null) {
            heartbeat.cancel();
        }
        if (leaseTimer != null) {
            leaseTimer.cancel();
        }
        if (closeTimer != null) {
            closeTimer.cancel();
        }
        FleetEngine.Subscription listening = subscription;
        if (listening != null) {
            mailbox.add(listening::close);
        }
        mailbox.add(() -> ended.complete(this));
    }

    // ---- means

    private void locked(Runnable step) {
        locked(() -> {
            step.run();
            return (Object) null;
        });
    }

    private <T> @Nullable T locked(Supplier<@Nullable T> step) {
        T result;
        lock.lock();
        try {
            result = step.get();
        } finally {
            lock.unlock();
        }
        mailbox.deliver();
        return result;
    }
}
