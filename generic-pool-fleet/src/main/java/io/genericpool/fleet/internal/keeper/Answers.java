package io.genericpool.fleet.internal.keeper;

import io.genericpool.spi.SharedLimits;
import io.genericpool.spi.shared.Grant;
import io.genericpool.spi.shared.Reply;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What follows from the engine's answers. Under the keeper's lock. */
final class Answers<E> {
    private static final Logger LOG = LoggerFactory.getLogger(ShareKeeper.class);

    private final KeeperSettings<E> settings;
    private final SharedLimits.Holder<E> pool;
    private final Means<E> means;
    private final Lines<E> lines;
    private final Shares<E> shares;
    private final Trust<E> trust;
    private final Ending ending;
    private final Calls<E> calls;
    private final Runnable end;

    /**
     * Makes them.
     *
     * @param end ends the session
     */
    Answers(Means<E> means, Lines<E> lines, Shares<E> shares, Ending ending, Calls<E> calls, Runnable end) {
        this.means = means;
        this.settings = means.settings();
        this.pool = means.pool();
        this.lines = lines;
        this.shares = shares;
        this.trust = shares.trust();
        this.ending = ending;
        this.calls = calls;
        this.end = end;
    }

    void take(Call<E> call, @Nullable Reply reply, @Nullable Throwable failure) {
        if (reply == null || !reply.applied()) {
            failed(call, failure == null ? new IllegalStateException("the engine took no " + call.batch) : failure);
        } else if (!call.batch.leaving() && trust.isTooOld(call.sentAt)) {
            tooLate(call);
        } else {
            succeeded(call, reply);
        }
    }

    /** F4: the process was stopped since it sent the call, and the ledger may have dropped its session by now. */
    private void tooLate(Call<E> call) {
        call.lines.forEach(lines::markDue);
        trust.loseIfPast();
        calls.gatherSoon(); // its lease is over, so it restates
    }

    private void failed(Call<E> call, Throwable failure) {
        call.lines.forEach(lines::markDue);
        if (call.batch.leaving()) {
            end.run(); // what is left in the ledger expires
            return;
        }
        trust.failed(failure);
        calls.setHeartbeat();
        shares.decideAll(); // F8: the whole right stays
    }

    private void succeeded(Call<E> call, Reply reply) {
        if (call.batch.leaving()) {
            end.run();
            return;
        }
        boolean wasFrozen = trust.isFrozen();
        boolean wasValid = trust.isValid();
        trust.renew(call.sentAt, reply);
        if (reply.newSession() && call.batch.sum() > 0) {
            means.mailbox()
                    .add(() -> LOG.warn(
                            "pool {}: its session in fleet '{}' had expired; it keeps what is still free and closes the rest",
                            pool.name(),
                            settings.fleet()));
        }
        takeGrants(reply);
        if (wasFrozen != trust.isFrozen() || !wasValid) {
            shares.decideAll();
        }
        for (Line<E> line : call.lines) {
            lines.forgetIfDone(line, false);
        }
        if (lines.hasNews() || trust.mustRestate() || (ending.isClosing() && lines.isEmpty())) {
            calls.gatherSoon();
        }
    }

    private void takeGrants(Reply reply) {
        Set<Line<E>> answered = new HashSet<>();
        for (Grant grant : reply.grants()) {
            Line<E> line = lines.withKey(grant.endpoint());
            if (line != null) {
                answered.add(line);
                granted(line, grant);
            }
        }
        for (Line<E> line : lines.pressed()) {
            if (!answered.contains(line)) {
                line.target = Grant.NO_TARGET; // else the reply would name it
                line.waiting = 0;
                lines.unpress(line);
            }
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
            lines.markDirty(line); // the cap was all that kept it from more
        }
        shares.decide(line);
        shares.tellIfOutdated(line);
        shares.count(line);
        lines.updateStarving(line);
    }

    private Throwable conflict(Line<E> line, int other) {
        var problem = new IllegalStateException("fleet '" + settings.fleet() + "' has a cap of " + other + " for "
                + line.label + ", but this process was built with " + line.ownCap + ", both with capVersion "
                + settings.capVersion() + "; give all processes one cap, or raise capVersion with it");
        if (!line.wasWarned) {
            line.wasWarned = true;
            means.mailbox()
                    .add(() -> LOG.warn("pool {}: it gets no connections: {}", pool.name(), problem.getMessage()));
        }
        return problem;
    }
}
