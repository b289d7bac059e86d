package io.genericpool.fleet.internal.keeper;

import io.genericpool.spi.PoolClock;
import io.genericpool.spi.SharedLimits;
import io.genericpool.spi.shared.Reply;
import io.genericpool.support.MaskedFailure;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the engine answers, and how long what it has granted can be trusted (F4): for a lease from the sending of a
 * call, less a margin. Under the keeper's lock.
 */
final class Trust<E> {
    private static final Logger LOG = LoggerFactory.getLogger(ShareKeeper.class);

    private final Means<E> means;
    private final KeeperSettings<E> settings;
    private final SharedLimits.Holder<E> pool;
    private final PoolClock clock;
    private final Runnable onLost;

    /** F4: what was granted is trusted until then. */
    private long validUntil;

    private boolean valid = true;
    /** An engine has answered before: until then there is nothing to lose. */
    private boolean wasGranted;
    /** After a pause of the process. Others may have its shares by now; the next answer will say so. */
    private boolean waking;

    private boolean reachable = true;
    /** The ledger has asked for all that the session has. */
    private boolean restate;

    private Alarms.@Nullable Alarm leaseTimer;
    private boolean over;

    /**
     * Makes it.
     *
     * @param onLost runs under the lock when what was granted is not trusted any more
     */
    Trust(Means<E> means, Runnable onLost) {
        this.means = means;
        this.settings = means.settings();
        this.pool = means.pool();
        this.clock = means.clock();
        this.onLost = onLost;
        this.validUntil = clock.nanoTime();
    }

    boolean isValid() {
        return valid;
    }

    boolean isWaking() {
        return waking;
    }

    boolean isReachable() {
        return reachable;
    }

    boolean mustRestate() {
        return restate;
    }

    /**
     * F8: while the engine is away, or does not know what the session has, nothing goes back: it could be granted to no
     * process.
     */
    boolean isFrozen() {
        return !reachable || restate;
    }

    /** The lease is over, so the ledger may have dropped the session. */
    boolean isPast() {
        return clock.nanoTime() - validUntil >= 0;
    }

    // ---- the end of the trust

    /** A call that was sent then may have been answered for a session that the ledger has dropped since. */
    boolean isTooOld(long sentAt) {
        return clock.nanoTime() - validUntilBy(sentAt) >= 0;
    }

    private long validUntilBy(long sentAt) {
        return sentAt + settings.lease() - settings.margin();
    }

    void loseIfPast() {
        if (wasGranted && isPast()) {
            lose();
        }
    }

    private void lose() {
        if (!valid) {
            return;
        }
        valid = false;
        // A call that gets no answer makes the engine unreachable long before the lease is over.
        waking = reachable && settings.fallback() == KeeperSettings.KEEP;
        onLost.run();
    }

    /** Between two calls, too, the trust ends in time. */
    private void watch() {
        if (valid && !over && leaseTimer == null) {
            leaseTimer = means.alarms().set(this::leaseMayBeOver, Math.max(1, validUntil - clock.nanoTime()));
        }
    }

    private void leaseMayBeOver() {
        means.guard().run(() -> {
            leaseTimer = null;
            loseIfPast();
            watch();
        });
    }

    void end() {
        over = true;
        if (leaseTimer != null) {
            leaseTimer.cancel();
        }
    }

    // ---- answers

    void renew(long sentAt, Reply reply) {
        validUntil = validUntilBy(sentAt);
        wasGranted = true;
        waking = false;
        valid = true;
        watch();
        restate = reply.restate();
        if (!reachable) {
            reachable = true;
            means.mailbox()
                    .add(() -> LOG.info(
                            "pool {}: the engine of fleet '{}' can be reached again", pool.name(), settings.fleet()));
            means.mailbox().add(() -> pool.reachable(true, null));
        }
    }

    void failed(Throwable cause) {
        Throwable failure = MaskedFailure.of(cause); // it may tell the engine's URL
        loseIfPast(); // first: an engine that is away does not let a lease run out unnoticed, but a pause does
        if (reachable) {
            reachable = false;
            means.mailbox()
                    .add(() -> LOG.warn(
                            "pool {}: the engine of fleet '{}' cannot be reached; the pool {}",
                            pool.name(),
                            settings.fleet(),
                            settings.fallback() == KeeperSettings.KEEP
                                    ? "keeps its shares, and they do not grow"
                                    : "has up to " + settings.fallback()
                                            + " connections per endpoint once its lease is over",
                            failure));
            means.mailbox().add(() -> pool.reachable(false, failure));
        }
        if (!wasGranted) {
            valid = false; // it has nothing that it could trust
        }
    }
}
