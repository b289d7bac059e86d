package io.genericpool.testkit.fleet;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.spi.shared.Batch;
import io.genericpool.spi.shared.Claim;
import io.genericpool.spi.shared.FleetEngine;
import io.genericpool.spi.shared.Grant;
import io.genericpool.spi.shared.Reply;
import io.genericpool.testkit.RealWait;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tells two engines the same batches, and compares what they answer. The batches follow from a seed. Sessions come, go,
 * fall silent, repeat themselves, and at times believe what is wrong. Each third one has a lease twice as long. Not
 * thread-safe; for one use.
 */
public final class FleetEngineComparison {
    private static final String FLEET = "fleet";
    private static final Duration LEASE = Duration.ofSeconds(20);
    private static final Duration LONGER_LEASE = Duration.ofSeconds(40);

    private final FleetEngine engine;
    private final FleetEngine reference;
    private final Consumer<Duration> pass;
    private final Map<String, Session> sessions = new TreeMap<>();
    private final Map<Seen, Integer> seen = new EnumMap<>(Seen.class);
    private final SplittableRandom random;
    private int made;

    /**
     * Makes a comparison. Neither engine may have a ledger, and both must learn because of that.
     *
     * @param engine the engine under test
     * @param reference the engine to compare with
     * @param pass lets the time of both pass by the same, a whole number of milliseconds
     * @param seed decides what is said
     */
    public FleetEngineComparison(FleetEngine engine, FleetEngine reference, Consumer<Duration> pass, long seed) {
        this.engine = engine;
        this.reference = reference;
        this.pass = pass;
        this.random = new SplittableRandom(seed);
    }

    /**
     * Compares.
     *
     * @param steps how many batches; at least some thousand, so that each kind of answer occurs
     * @throws AssertionError if an answer differs, or if a kind of answer did not occur
     * @throws InterruptedException if the thread was interrupted
     */
    public void play(int steps) throws InterruptedException {
        for (int i = 0; i < steps; i++) {
            pass.accept(randomPause());
            Batch batch = next();
            Reply expected = ask(reference, batch);
            Reply reply = ask(engine, batch);
            assertThat(text(reply)).as("step %s: %s", i, batch).isEqualTo(text(expected));
            requireNonNull(sessions.get(batch.session())).accept(batch, reply);
            count(batch, reply);
        }
        assertThat(seen.keySet()).containsExactlyInAnyOrder(Seen.values());
        assertThat(seen.values()).as("how often: %s", seen).allMatch(times -> times >= 3);
    }

    private static Reply ask(FleetEngine asked, Batch batch) throws InterruptedException {
        try {
            return asked.sync(batch).toCompletableFuture().get(RealWait.NANOS, TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("an engine did not answer " + batch, e);
        }
    }

    private void count(Batch batch, Reply reply) {
        count(Seen.LATE, !reply.applied());
        count(Seen.LEARNING, reply.learning());
        count(Seen.RESTATE, reply.restate() && !reply.learning());
        count(Seen.EXPIRED, reply.newSession() && batch.sum() > 0);
        for (Grant grant : reply.grants()) {
            boolean isNamed =
                    batch.claims().stream().anyMatch(claim -> claim.endpoint().equals(grant.endpoint()));
            count(Seen.TARGET, grant.target() != Grant.NO_TARGET);
            count(Seen.TURN_OVER, grant.target() == 0);
            count(Seen.WAITING, grant.waiting() > 1);
            count(Seen.CALLED_BACK, !isNamed);
        }
        boolean mayRaise = batch.restating() || reply.newSession() || !reply.learning();
        for (Claim claim : mayRaise ? List.<Claim>of() : batch.claims()) {
            count(
                    Seen.EXCHANGED,
                    reply.grants().stream()
                            .anyMatch(grant ->
                                    grant.endpoint().equals(claim.endpoint()) && grant.share() > claim.share()));
        }
    }

    private void count(Seen what, boolean is) {
        if (is) {
            seen.merge(what, 1, Integer::sum);
        }
    }

    private enum Seen {
        LATE,
        LEARNING,
        RESTATE,
        EXPIRED,
        TARGET,
        TURN_OVER,
        WAITING,
        CALLED_BACK,
        EXCHANGED
    }

    /** Mostly short, at times over a turn, a lease, or half a lease: then the ledger learns. */
    private Duration randomPause() {
        int kind = random.nextInt(1_000);
        return kind < 900
                ? Duration.ofMillis(random.nextInt(1, 200))
                : kind < 996
                        ? Duration.ofMillis(random.nextInt(1_000, 6_000))
                        : LEASE.plusMillis(random.nextInt(9_000));
    }

    private Batch next() {
        if (sessions.size() < 3 || random.nextInt(60) == 0) {
            made++;
            sessions.put("session-" + made, new Session("session-" + made, made % 3 == 0 ? LONGER_LEASE : LEASE));
        }
        List<Session> all = new ArrayList<>(sessions.values());
        Session session = all.get(random.nextInt(all.size()));
        if (sessions.size() > 12) {
            sessions.remove(all.get(random.nextInt(all.size())).id); // it is silent from now on, and expires
            sessions.put(session.id, session);
        }
        return session.next(random);
    }

    /** All that a reply says; in which order it names other endpoints does not matter. */
    private static String text(Reply reply) {
        return "applied " + reply.applied() + ", new " + reply.newSession() + ", restate " + reply.restate()
                + ", learning " + reply.learning() + ": "
                + reply.grants().stream()
                        .map(grant -> grant + (grant.target() == Grant.NO_TARGET ? "" : " " + grant.target())
                                + " version " + grant.capVersion())
                        .sorted()
                        .collect(Collectors.joining("; "));
    }

    /** It says all sorts of things, and what it believes to have most of the time. */
    private static final class Session {
        final String id;
        final Duration lease;
        final Map<String, Integer> shares = new TreeMap<>();
        private long sequence;
        private boolean restate;
        private @Nullable Batch last;

        Session(String id, Duration lease) {
            this.id = id;
            this.lease = lease;
        }

        Batch next(SplittableRandom random) {
            int kind = random.nextInt(100);
            Batch before = last;
            if (kind < 3 && before != null) {
                return before;
            }
            if (kind < 5) {
                return batch(Batch.Kind.LEAVE, 0, List.of());
            }
            if (kind < 7) {
                shares.merge("e" + random.nextInt(4), random.nextInt(5), Integer::sum); // as after a failover
            }
            var claims = new ArrayList<Claim>();
            Map<String, Integer> kept = new TreeMap<>(shares);
            boolean isAll = restate && kind < 90;
            var endpoints = new TreeSet<>(isAll ? shares.keySet() : List.of());
            for (int i = random.nextInt(3); i > 0; i--) {
                endpoints.add("e" + random.nextInt(4));
            }
            for (String endpoint : endpoints) {
                int have = shares.getOrDefault(endpoint, 0);
                int keeps = random.nextInt(3) == 0 ? random.nextInt(have + 1) : have;
                int wants = random.nextInt(4) == 0 ? 0 : random.nextInt(9);
                int nice = random.nextInt(4) == 0 ? random.nextInt(4) : 0;
                int cap = endpoint.equals("e0") ? 2 : random.nextInt(200) == 0 ? 9 : 12;
                kept.put(endpoint, keeps);
                claims.add(new Claim(endpoint, cap, keeps, wants, nice));
            }
            long sum = kept.values().stream().mapToLong(Integer::longValue).sum();
            return batch(isAll ? Batch.Kind.RESTATEMENT : Batch.Kind.CHANGES, sum, claims);
        }

        private Batch batch(Batch.Kind kind, long sum, List<Claim> claims) {
            var batch = new Batch(FLEET, id, ++sequence, lease, 0, sum, kind, claims);
            last = batch;
            return batch;
        }

        void accept(Batch batch, Reply reply) {
            if (!reply.applied()) {
                return;
            }
            if (batch.leaving() || batch.restating()) {
                shares.clear();
            }
            restate = reply.restate();
            reply.grants().forEach(grant -> shares.put(grant.endpoint(), grant.share()));
        }
    }
}
