package io.genericpool.fleet.internal.keeper;

import io.genericpool.PoolConfig;
import io.genericpool.spi.SharedLimits;
import io.genericpool.spi.SharedLimits.Giving;
import io.genericpool.spi.shared.Grant;

/**
 * Decides what the pool may have, and tells it: more when that is its own, less to come down to a target. Under the
 * keeper's lock.
 */
final class Shares<E> {
    private static final long SECOND = 1_000_000_000L;

    private final Means<E> means;
    private final Lines<E> lines;
    private final Ending ending;
    private final Trust<E> trust;

    /** The version of the last share of any line: they never start anew, so that none can be taken for another. */
    private long versions;

    private boolean givingSoon;

    Shares(Means<E> means, Lines<E> lines, Ending ending) {
        this.means = means;
        this.lines = lines;
        this.ending = ending;
        this.trust = new Trust<>(means, this::trustIsLost);
    }

    Trust<E> trust() {
        return trust;
    }

    private void trustIsLost() {
        if (trust.isWaking()) {
            // It has slept over its lease: what it has open stays until the ledger answers, and nothing is added.
            lines.limited().forEach(line -> tell(line, 0, Giving.UNUSED));
        }
        decideAll();
    }

    void decideAll() {
        for (Line<E> line : lines.limited()) {
            decide(line);
            count(line);
        }
    }

    /** What is claimed of it from now on. */
    void count(Line<E> line) {
        boolean staysWhole = trust.isFrozen() && !ending.isClosing() && (line.gone || line.shut);
        lines.count(line, staysWhole ? Math.max(line.right, line.claim()) : line.claim());
    }

    void decide(Line<E> line) {
        if (line.gone || line.shut || ending.isClosing() || trust.isWaking()) {
            return;
        }
        int allowed = allowed(line);
        if (line.told > allowed) {
            tell(line, allowed, Giving.ALL);
        } else if (trust.isFrozen()) {
            raise(line, allowed);
        } else if (!line.isConfirmed()) {
            raiseIfWanted(line, allowed);
        } else if (line.target < line.told) {
            press(line, line.target);
            lines.press(line);
            giveSoon();
        } else if (line.waiting > 0 && line.told > line.wanted()) {
            press(line, line.wanted());
        } else if (line.told > Math.max(line.useful(), line.held())) { // else it would answer the same, for ever
            tell(line, line.useful(), Giving.UNUSED);
        } else {
            raiseIfWanted(line, allowed);
        }
    }

    /** What the pool may have, if it gives nothing back. */
    private int allowed(Line<E> line) {
        int fallback = means.settings().fallback();
        if (trust.isValid() || fallback == KeeperSettings.KEEP) {
            return line.right;
        }
        long most = line.endpoint == null ? (long) fallback * lines.endpoints() : fallback;
        return (int) Math.min(line.cap, most);
    }

    /** Idle connections go at once; not more often than once a second, since they may all be in use. */
    private void press(Line<E> line, int down) {
        long now = means.clock().nanoTime();
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

    // ---- what goes back by halves

    private void giveSoon() {
        if (!givingSoon && !ending.isOver()) {
            givingSoon = true;
            means.alarms().set(() -> means.guard().run(this::give), SECOND);
        }
    }

    /** Each second, half of what is left beyond a target. */
    private void give() {
        givingSoon = false;
        for (Line<E> line : lines.pressed()) {
            if (line.target >= line.told || trust.isFrozen() || line.gone) {
                lines.unpress(line);
            } else {
                int excess = line.told - line.target;
                tell(line, line.told - (excess + 1) / 2, Giving.ALL);
            }
        }
        if (lines.hasPressed()) {
            giveSoon();
        }
    }

    // ---- telling

    /** Tells a line for the first time, or after the pool has lost all it was told. */
    void tellFirst(Line<E> line) {
        tell(line, line.isLimited() ? allowed(line) : PoolConfig.UNLIMITED, Giving.ALL);
    }

    /** The pool's errors would say something that is not so any more. */
    void tellIfOutdated(Line<E> line) {
        if (line.isConfirmed() && line.isOutdated() && !line.gone && !ending.isClosing()) {
            tell(line, line.told, Giving.ALL);
        }
    }

    /** The pool has not answered for a whole heartbeat: an error may have lost the share on its way. */
    void tellAgainIfLate(Line<E> line) {
        if (line.isConfirmed() || line.gone || line.version == 0) {
            line.late = false;
        } else if (line.late) {
            tell(line, line.told, line.giving);
        } else {
            line.late = true;
        }
    }

    private void tell(Line<E> line, int connections, Giving giving) {
        SharedLimits.Share share = line.next(++versions, connections, giving);
        means.mailbox().add(() -> means.pool().share(line.endpoint, share));
    }
}
