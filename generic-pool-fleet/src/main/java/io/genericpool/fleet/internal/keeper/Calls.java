package io.genericpool.fleet.internal.keeper;

import io.genericpool.spi.shared.Batch;
import io.genericpool.spi.shared.Claim;
import io.genericpool.spi.shared.Reply;
import io.genericpool.support.Nanos;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The calls of the engine: one at a time. What has changed is gathered for a while into one call, and each heartbeat
 * makes one. All but {@link #send} is under the keeper's lock.
 */
final class Calls<E> {
    private static final long SECOND = 1_000_000_000L;
    /** So many tries in the time of a heartbeat, while the engine is away. */
    private static final long RETRIES = 5;

    private final Means<E> means;
    private final KeeperSettings<E> settings;
    private final Lines<E> lines;
    private final Shares<E> shares;
    private final Trust<E> trust;
    private final Ending ending;
    private final Receiver<E> receiver;
    /** Processes that start together do not call together for ever. */
    private final long spread;

    private long sequence;
    /** The call in flight; null when there is none. */
    private @Nullable Call<E> inFlight;

    private boolean gathering;
    /** After a hint: what has changed is in the reply, so the next call goes out even if it says nothing new. */
    private boolean hinted;

    private Alarms.@Nullable Alarm heartbeat;

    /** What calls lead to. */
    interface Receiver<E> {
        /** At each heartbeat, without the lock. */
        void beat();

        /** Under the lock. */
        void answered(Call<E> call, @Nullable Reply reply, @Nullable Throwable failure);
    }

    Calls(Means<E> means, Lines<E> lines, Shares<E> shares, Ending ending, Receiver<E> receiver) {
        this.means = means;
        this.settings = means.settings();
        this.lines = lines;
        this.shares = shares;
        this.trust = shares.trust();
        this.ending = ending;
        this.receiver = receiver;
        this.spread = Math.floorMod(means.session().hashCode(), Math.max(1, settings.heartbeat() / 10));
    }

    // ---- when

    void gatherSoon() {
        if (!gathering && inFlight == null && !ending.isOver() && trust.isReachable()) {
            gathering = true;
            means.alarms().set(this::gathered, settings.gather());
        }
    }

    private void gathered() {
        means.guard().run(() -> gathering = false);
        send(false);
    }

    void hinted() {
        hinted = true;
        gatherSoon();
    }

    void setHeartbeat() {
        if (heartbeat != null) {
            heartbeat.cancel();
        }
        heartbeat = means.alarms().set(receiver::beat, pace());
    }

    /** How long until the next beat. Two calls in a row may be lost, and the ledger still sees no gap. */
    private long pace() {
        long period = settings.heartbeat();
        return trust.isReachable() ? period - spread : Math.min(SECOND, Math.max(1, period / RETRIES));
    }

    void end() {
        if (heartbeat != null) {
            heartbeat.cancel();
        }
    }

    // ---- what

    /** Sends what has gathered, and at a beat without news too; unless a call is in flight: then its end does. */
    void send(boolean isBeat) {
        Call<E> call = means.guard().get(() -> next(isBeat));
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

    private @Nullable Call<E> next(boolean isBeat) {
        if (inFlight != null || ending.isOver()) {
            return null;
        }
        trust.loseIfPast();
        long now = means.clock().nanoTime();
        boolean isLast = ending.isClosing() && lines.isEmpty();
        // A ledger that may have dropped the session is told everything at once.
        boolean isAll = trust.mustRestate() || (sequence > 0 && trust.isPast());
        List<Line<E>> told = isAll ? new ArrayList<>(lines.limited()) : lines.news();
        told.forEach(shares::count);
        if (!isAll) {
            told.removeIf(this::isNothingNew);
        }
        if (told.isEmpty() && !isBeat && !hinted && !isAll && !isLast) {
            return null;
        }
        hinted = false;
        List<Claim> claims = claims(told);
        Batch.Kind kind = isLast ? Batch.Kind.LEAVE : isAll ? Batch.Kind.RESTATEMENT : Batch.Kind.CHANGES;
        var batch = new Batch(
                settings.fleet(),
                means.session(),
                ++sequence,
                Nanos.toDuration(settings.lease() + settings.grace()),
                settings.capVersion(),
                Math.max(0, lines.granted()),
                kind,
                isLast ? List.of() : claims);
        var call = new Call<E>(batch, now, told);
        inFlight = call;
        call.timeout = means.alarms().set(() -> overdue(call), settings.heartbeat());
        setHeartbeat();
        return call;
    }

    private List<Claim> claims(List<Line<E>> told) {
        List<Claim> claims = new ArrayList<>(told.size());
        for (Line<E> line : told) {
            int claim = line.counted;
            // What the ledger hears of is given up, whether or not this call reaches it.
            line.right = Math.min(line.right, claim);
            line.sent(claim, sequence + 1);
            claims.add(new Claim(line.key, line.ownCap, claim, line.wanted(), line.nice()));
            lines.clean(line);
        }
        return claims;
    }

    /** Its numbers have come back to what the ledger was told: another call would change nothing. */
    private boolean isNothingNew(Line<E> line) {
        if (line.isWorthTelling()) {
            return false;
        }
        lines.clean(line);
        lines.forgetIfDone(line, false);
        return true;
    }

    /** Whether the call in flight names it. */
    boolean isTelling(Line<E> line) {
        return inFlight != null && inFlight.batch.sequence() == line.sentIn;
    }

    // ---- the answer

    private void overdue(Call<E> call) {
        answered(
                call,
                null,
                new TimeoutException("the engine did not answer within " + Nanos.text(settings.heartbeat())));
    }

    private void answered(Call<E> call, @Nullable Reply reply, @Nullable Throwable failure) {
        means.guard().run(() -> {
            if (inFlight != call) {
                return; // it came too late, and another one has told everything anew
            }
            inFlight = null;
            Alarms.Alarm timeout = call.timeout;
            if (timeout != null) {
                timeout.cancel();
            }
            receiver.answered(call, reply, failure);
        });
    }
}
