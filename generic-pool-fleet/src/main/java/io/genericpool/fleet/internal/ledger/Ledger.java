package io.genericpool.fleet.internal.ledger;

import io.genericpool.spi.shared.Batch;
import io.genericpool.spi.shared.Claim;
import io.genericpool.spi.shared.Grant;
import io.genericpool.spi.shared.Reply;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The ledger of one fleet: the steps that {@code FleetEngine} describes, in that order. Not thread-safe; its times are
 * nanoseconds since its beginning, so that they can be compared.
 */
public final class Ledger {
    private static final long NEVER = Long.MIN_VALUE;

    private final Map<String, LedgerSession> sessions = new HashMap<>();
    private final TreeSet<LedgerSession> byExpiry = new TreeSet<>(LedgerSession.BY_EXPIRY);
    private final Map<String, Account> accounts = new LinkedHashMap<>();
    /** Those where some sessions have a target. */
    private final Set<Account> pressed = new LinkedHashSet<>();

    private final boolean mayHaveBeenLost;
    private long lastCall = NEVER;
    private boolean learning;
    private long learningUntil;
    /** Those that were known when learning began and have not restated. */
    private final Set<LedgerSession> unrestated = new HashSet<>();

    private boolean knewAny;
    /** The last sequence of those that have left, for a lease; the one that left first is first. */
    private final Map<String, Farewell> left = new LinkedHashMap<>();

    private record Farewell(long sequence, long until) {}

    /** What this step has freed something at, or where a session has begun to starve. */
    private final Set<Account> touched = new LinkedHashSet<>();

    /**
     * Makes an empty ledger.
     *
     * @param mayHaveBeenLost whether there may be sessions that an earlier ledger knew
     */
    public Ledger(boolean mayHaveBeenLost) {
        this.mayHaveBeenLost = mayHaveBeenLost;
    }

    /** What a step has led to. */
    public record Outcome(Reply reply, Map<String, Collection<String>> hints) {}

    /** Makes one step. */
    public Outcome apply(Batch batch, long now) {
        touched.clear();
        noticeGap(batch, now);
        expire(now);
        LedgerSession session = sessions.get(batch.session());
        boolean isNew = session == null;
        if (session == null) {
            if (hasLeft(batch, now)) {
                return answer(batch, null, false, false, false, now);
            }
            if (batch.leaving()) {
                remember(batch, now);
                return answer(batch, null, true, true, false, now);
            }
            session = new LedgerSession(batch.session());
            sessions.put(session.id, session);
        } else if (batch.sequence() <= session.sequence) {
            return answer(batch, session, false, false, false, now);
        }
        boolean isExact = !isNew && !unrestated.contains(session) && batch.sequence() == session.sequence + 1;
        session.sequence = batch.sequence();
        if (batch.leaving()) {
            drop(session, isExact, now);
            remember(batch, now);
            return answer(batch, null, true, false, false, now);
        }
        byExpiry.remove(session);
        session.lease = batch.lease().toNanos();
        session.expiresAt = now + session.lease;
        byExpiry.add(session);
        boolean restate = keep(batch, session, isNew, isExact, now);
        for (Claim claim : batch.claims()) {
            Entry entry = session.entries.get(claim.endpoint());
            if (entry != null) {
                entry.account.grant(entry, now);
            }
        }
        return answer(batch, session, true, isNew, restate, now);
    }

    // ---- gaps and expiry

    private void noticeGap(Batch batch, long now) {
        long lease = batch.lease().toNanos();
        boolean isFirst = lastCall == NEVER;
        boolean isGap = isFirst ? mayHaveBeenLost : now < lastCall || now - lastCall > lease / 2;
        lastCall = now;
        boolean stillLearns = learning && now < learningUntil; // others may have been granted what was given back
        if (isGap && (isFirst || stillLearns || !sessions.isEmpty())) {
            learningUntil = now + lease;
            for (LedgerSession session : sessions.values()) {
                learningUntil = Math.max(learningUntil, now + session.lease);
            }
            setLearning(true); // what was given back before is not known any more
            unrestated.clear();
            unrestated.addAll(sessions.values());
            knewAny = !unrestated.isEmpty();
            byExpiry.clear();
            for (LedgerSession session : sessions.values()) {
                session.expiresAt = now + session.lease; // its own: it may call more rarely than this one
                byExpiry.add(session);
            }
        } else if (learning && now >= learningUntil) {
            endLearning();
        }
    }

    private void setLearning(boolean learns) {
        learning = learns;
        accounts.values().forEach(account -> account.setLearning(learns));
        accounts.values().removeIf(Account::isForgettable);
    }

    private void endLearning() {
        setLearning(false);
        unrestated.clear();
        pressed.forEach(Account::hintAll);
        touched.addAll(pressed);
    }

    private void hasRestated(LedgerSession session) {
        unrestated.remove(session);
        if (learning && knewAny && unrestated.isEmpty()) {
            endLearning();
        }
    }

    /** A batch of a session that has left was late on its way: it must not bring the session back. */
    private boolean hasLeft(Batch batch, long now) {
        Farewell last = left.get(batch.session());
        return last != null && now < last.until && batch.sequence() <= last.sequence;
    }

    private void remember(Batch last, long now) {
        left.remove(last.session()); // to the end, if it has left before
        left.put(
                last.session(), new Farewell(last.sequence(), now + last.lease().toNanos()));
    }

    private void expire(long now) {
        for (Iterator<Farewell> all = left.values().iterator(); all.hasNext() && all.next().until <= now; ) {
            all.remove();
        }
        while (!learning && !byExpiry.isEmpty() && byExpiry.first().expiresAt <= now) {
            drop(byExpiry.first(), false, now);
        }
    }

    private void drop(LedgerSession session, boolean isExact, long now) {
        byExpiry.remove(session);
        sessions.remove(session.id);
        for (Entry entry : List.copyOf(session.entries.values())) {
            remove(entry, isExact, now);
        }
        hasRestated(session);
    }

    private void remove(Entry entry, boolean isExact, long now) {
        Account account = entry.account;
        account.remove(entry, isExact, now);
        settle(account);
    }

    /** After a change of an account. */
    private void settle(Account account) {
        touched.add(account);
        if (account.isPressed()) {
            pressed.add(account);
        } else {
            pressed.remove(account);
        }
        if (account.isForgettable()) {
            accounts.remove(account.endpoint);
        }
    }

    // ---- claims

    /**
     * What the session keeps, or restates.
     *
     * @param isExact whether the ledger had its numbers before, from the call just before: what it keeps less than that is
     *     given back
     * @return whether it must restate next
     */
    private boolean keep(Batch batch, LedgerSession session, boolean isNew, boolean isExact, long now) {
        boolean mayRaise = isNew || batch.restating();
        if (batch.restating()) {
            Set<String> named = new HashSet<>();
            batch.claims().forEach(claim -> named.add(claim.endpoint()));
            for (Entry entry : List.copyOf(session.entries.values())) {
                if (!named.contains(entry.account.endpoint)) {
                    remove(entry, isExact, now);
                }
            }
            hasRestated(session);
        }
        for (Claim claim : batch.claims()) {
            keep(claim, batch, session, mayRaise, isExact, now);
        }
        boolean isSumRight = session.sum == batch.sum();
        return !batch.restating() && (!isSumRight || unrestated.contains(session));
    }

    private void keep(Claim claim, Batch batch, LedgerSession session, boolean mayRaise, boolean isExact, long now) {
        Account account = accounts.computeIfAbsent(
                claim.endpoint(), key -> new Account(key, claim.cap(), batch.capVersion(), learning));
        if (account.isEmpty() || batch.capVersion() > account.capVersion) {
            account.setCap(claim.cap(), batch.capVersion());
        }
        Entry entry = account.entry(session);
        int kept = Math.min(entry.granted, claim.share());
        if (mayRaise && claim.share() > kept) {
            kept += (int) Math.min(claim.share() - kept, account.room());
        }
        account.keep(entry, kept, isExact, now);
        boolean mayWant = isCapRight(account, claim, batch); // else it would stand in line in vain, before others
        account.setWanted(entry, mayWant ? claim.wanted() : Math.min(kept, claim.wanted()), mayWant ? claim.nice() : 0);
        account.updatePlace(entry);
        if (kept == 0 && claim.wanted() == 0 && claim.nice() == 0) {
            account.remove(entry, isExact, now);
        }
        settle(account);
    }

    private static boolean isCapRight(Account account, Claim claim, Batch batch) {
        return batch.capVersion() != account.capVersion || claim.cap() == account.cap;
    }

    // ---- the answer

    private Outcome answer(
            Batch batch, @Nullable LedgerSession session, boolean applied, boolean isNew, boolean restate, long now) {
        List<Grant> grants = new ArrayList<>();
        Set<String> named = new HashSet<>();
        for (Claim claim : batch.claims()) {
            named.add(claim.endpoint());
            grants.add(grantOf(claim, batch, session, now));
        }
        if (session != null) {
            addPressed(session, named, grants, now);
        }
        for (Claim claim : batch.claims()) {
            Account account = accounts.get(claim.endpoint());
            if (account != null) {
                settle(account);
            }
        }
        var reply = new Reply(batch.sequence(), applied, isNew, restate, learning, grants);
        return new Outcome(reply, hints(session, now));
    }

    private Grant grantOf(Claim claim, Batch batch, @Nullable LedgerSession session, long now) {
        Entry entry = session == null ? null : session.entries.get(claim.endpoint());
        if (entry != null) {
            return entry.account.grantOf(entry, now);
        }
        Account account = accounts.get(claim.endpoint());
        return account == null || account.isEmpty()
                ? new Grant(claim.endpoint(), 0, Grant.NO_TARGET, 0, claim.cap(), batch.capVersion())
                : new Grant(claim.endpoint(), 0, Grant.NO_TARGET, account.waiting(), account.cap, account.capVersion);
    }

    private void addPressed(LedgerSession session, Set<String> named, List<Grant> grants, long now) {
        for (Account account : pressed) {
            Entry entry = named.contains(account.endpoint) ? null : session.entries.get(account.endpoint);
            if (entry != null && account.isPressed(entry, now)) {
                grants.add(account.grantOf(entry, now));
            }
        }
    }

    private Map<String, Collection<String>> hints(@Nullable LedgerSession caller, long now) {
        Map<String, Collection<String>> hints = new LinkedHashMap<>();
        for (Account account : touched) {
            Set<LedgerSession> meant = new LinkedHashSet<>();
            account.takeHints(meant, now);
            meant.remove(caller);
            for (LedgerSession session : meant) {
                hints.computeIfAbsent(session.id, id -> new ArrayList<>()).add(account.endpoint);
            }
        }
        return hints;
    }

    /** The sum of what is granted at an endpoint. For tests and simulations. */
    public long granted(String endpoint) {
        Account account = accounts.get(endpoint);
        return account == null ? 0 : account.sum();
    }
}
