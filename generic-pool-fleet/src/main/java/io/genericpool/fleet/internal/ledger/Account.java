package io.genericpool.fleet.internal.ledger;

import io.genericpool.spi.shared.FleetEngine;
import io.genericpool.spi.shared.Grant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The books of one endpoint: who holds how much, and who starves, in order. */
final class Account {
    /** How often those are told at most whose turn is over: each of them may take a while to give back. */
    private static final long TURN_HINT_PERIOD = 1_000_000_000L;

    final String endpoint;
    int cap;
    long capVersion;
    /** The sum of all grants. */
    private long sum;
    /** How many sessions want at least one. */
    private int contenders;

    private final Map<LedgerSession, Entry> entries = new LinkedHashMap<>();
    /** The starving, by place. Whether one stands in the first or in the second line follows from its grant. */
    private final TreeMap<Long, Entry> line = new TreeMap<>();

    private long lastPlace;

    /** While the ledger learns, what is not granted may be held by a session that it does not know. */
    private boolean learning;
    /** What was given back since it began to learn, and was not granted since: that is free all the same. */
    private long givenBack;

    /** Since the last hints: something has become free for those in line. */
    private boolean freed;
    /** Since the last hints: a session has begun to starve, or a turn may be over. */
    private boolean joined;

    private boolean wasTurnHinted;
    private long turnHintedAt;

    Account(String endpoint, int cap, long capVersion, boolean learning) {
        this.endpoint = endpoint;
        this.cap = cap;
        this.capVersion = capVersion;
        this.learning = learning;
    }

    /** What is free is not known from now on, or is known again. */
    void setLearning(boolean learns) {
        learning = learns;
        givenBack = 0;
    }

    void setCap(int newCap, long version) {
        if (newCap != cap) {
            hintAll();
        }
        cap = newCap;
        capVersion = version;
    }

    Entry entry(LedgerSession session) {
        return entries.computeIfAbsent(session, s -> {
            var entry = new Entry(s, this);
            s.entries.put(endpoint, entry);
            return entry;
        });
    }

    /** No session has or wants anything here. Its cap is gone, too: the next claim says it anew. */
    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Nothing is lost with it. */
    boolean isForgettable() {
        return isEmpty() && (!learning || givenBack == 0);
    }

    /** Someone starves, or there is more than the cap: some sessions have a target. */
    boolean isPressed() {
        return !line.isEmpty() || sum > cap;
    }

    int waiting() {
        return line.size();
    }

    long sum() {
        return sum;
    }

    /** What may be granted. */
    long free() {
        return learning ? Math.min(room(), givenBack) : room();
    }

    /** What a session may restate: it has that already. */
    long room() {
        return Math.max(0, cap - sum);
    }

    int level() {
        return Math.max(1, cap / Math.max(1, contenders));
    }

    /**
     * The session keeps so many of its grant, or restates a larger one.
     *
     * @param isExact whether what it does not keep was its own for sure, so that it is free even while the ledger learns
     */
    void keep(Entry entry, int kept, boolean isExact, long now) {
        if (learning && isExact) {
            givenBack += Math.max(0, entry.granted - kept);
        }
        setGranted(entry, kept, now);
    }

    private void setGranted(Entry entry, int granted, long now) {
        if (entry.granted == 0 && granted > 0) {
            entry.since = now;
        }
        long change = granted - (long) entry.granted;
        sum += change;
        entry.session.sum += change;
        freed |= change < 0;
        entry.granted = granted;
    }

    void setWanted(Entry entry, int wanted, int nice) {
        contenders += (wanted > 0 ? 1 : 0) - (entry.wanted > 0 ? 1 : 0);
        int needed = entry.need();
        entry.wanted = wanted;
        entry.nice = nice;
        freed |= entry.need() < needed; // what was kept for it is for those behind it
    }

    /** The session is over, or has and wants nothing here. */
    void remove(Entry entry, boolean isExact, long now) {
        keep(entry, 0, isExact, now);
        setWanted(entry, 0, 0);
        updatePlace(entry);
        entries.remove(entry.session);
        entry.session.entries.remove(endpoint);
    }

    /** One that begins to starve joins the line at its end; one that does not starve any more leaves it. */
    void updatePlace(Entry entry) {
        if (entry.isStarving() && entry.place == 0) {
            joinAtEnd(entry);
            joined = true;
        } else if (!entry.isStarving()) {
            leaveLine(entry);
        }
    }

    private void joinAtEnd(Entry entry) {
        leaveLine(entry);
        entry.place = ++lastPlace;
        line.put(entry.place, entry);
    }

    private void leaveLine(Entry entry) {
        if (entry.place != 0) {
            line.remove(entry.place);
            entry.place = 0;
        }
    }

    /** Grants a session what it wants, as far as something is free beyond the needs of those before it. */
    void grant(Entry entry, long now) {
        int level = level();
        updatePlace(entry);
        if (entry.isStarving() && entry.granted < level) {
            raise(entry, Math.min(entry.needUpTo(level), free() - needsBefore(entry, level)), now);
            if (entry.granted >= level && entry.isStarving()) {
                joinAtEnd(entry);
            }
        }
        if (entry.isStarving() && entry.granted >= level) {
            raise(entry, Math.min(entry.need(), free() - needsBefore(entry, level)), now);
        }
        updatePlace(entry);
        if (line.isEmpty()) {
            long more = (long) entry.wanted + entry.nice - entry.granted;
            raise(entry, Math.min(more, free()), now);
        }
        if (entry.isStarving() && entry.granted == 0 && contenders > cap) {
            hintTurns(now);
        }
    }

    private void raise(Entry entry, long connections, long now) {
        if (connections > 0) {
            setGranted(entry, (int) (entry.granted + connections), now);
            givenBack -= learning ? connections : 0;
        }
    }

    /** Time alone ends a turn, so those that wait for it look after it. */
    private void hintTurns(long now) {
        if (!wasTurnHinted || now - turnHintedAt >= TURN_HINT_PERIOD) {
            wasTurnHinted = true;
            turnHintedAt = now;
            joined = true;
        }
    }

    /** What must be left for those that come before: in the first line, or in the first and then the second. */
    private long needsBefore(Entry entry, int level) {
        boolean inFirst = entry.granted < level;
        long free = free();
        long needs = 0;
        for (Entry other : line.values()) {
            boolean isBefore = other.place < entry.place;
            if (other == entry) {
                if (inFirst) {
                    break;
                }
            } else if (other.granted < level) {
                needs += isBefore || !inFirst ? other.needUpTo(level) : 0;
            } else if (!inFirst && isBefore) {
                needs += other.need();
            }
            if (needs >= free) {
                break; // nothing is left for it
            }
        }
        return needs;
    }

    /** All that wait here, or hold more than their target, are to be told. */
    void hintAll() {
        freed = true;
        joined = true;
    }

    /** Adds the sessions that what has happened since the last call concerns. */
    void takeHints(Collection<LedgerSession> meant, long now) {
        if (freed) {
            addHeads(meant);
        }
        if (joined) {
            addPressed(meant, now);
        }
        freed = false;
        joined = false;
    }

    /** The sessions that what is free is meant for. */
    private void addHeads(Collection<LedgerSession> heads) {
        int level = level();
        long left = free();
        for (Entry entry : line.values()) {
            if (left <= 0) {
                return;
            }
            if (entry.granted < level) {
                left -= entry.needUpTo(level);
                heads.add(entry.session);
            }
        }
        for (Entry entry : line.values()) {
            if (left <= 0) {
                return;
            }
            if (entry.granted >= level) {
                left -= entry.need();
                heads.add(entry.session);
            }
        }
    }

    /** The sessions that have a target, or have more than they want while others starve. */
    private void addPressed(Collection<LedgerSession> pressed, long now) {
        for (Entry entry : entries.values()) {
            if (isPressed(entry, now)) {
                pressed.add(entry.session);
            }
        }
    }

    boolean isPressed(Entry entry, long now) {
        return entry.granted > 0
                && ((!line.isEmpty() && entry.granted > entry.wanted) || entry.granted > target(entry, now));
    }

    int target(Entry entry, long now) {
        int target = Grant.NO_TARGET;
        if (sum > cap && entry.granted > 0) {
            target = partOfCap(entry);
        }
        if (line.isEmpty() || entry.granted == 0) {
            return target;
        }
        int level = level();
        if (entry.granted > level) {
            long missing = missing(level);
            target = missing > 0 ? (int) Math.min(target, Math.max(level, entry.granted - missing)) : target;
        }
        return contenders > cap && isTurnOver(entry, now) ? 0 : target;
    }

    /** What those below the level lack beyond what is free. */
    private long missing(int level) {
        long needs = 0;
        for (Entry entry : line.values()) {
            needs += entry.needUpTo(level);
        }
        return needs - free();
    }

    /** More than the cap is granted, since it was lowered: each is to come down to an equal part. */
    private int partOfCap(Entry asked) {
        int holders = 0;
        int rank = 0;
        for (Entry entry : entries.values()) {
            if (entry == asked) {
                rank = holders;
            }
            holders += entry.granted > 0 ? 1 : 0;
        }
        return cap / holders + (rank < cap % holders ? 1 : 0);
    }

    /** As many turns end as sessions have nothing, the longest first. */
    private boolean isTurnOver(Entry asked, long now) {
        if (now - asked.since < FleetEngine.TURN) {
            return false;
        }
        long without = line.values().stream().filter(e -> e.granted == 0).count() - free();
        if (without <= 0) {
            return false;
        }
        List<Entry> holders = new ArrayList<>();
        for (Entry entry : entries.values()) {
            if (entry.granted > 0 && now - entry.since >= FleetEngine.TURN) {
                holders.add(entry);
            }
        }
        holders.sort(Comparator.comparingLong(e -> e.since));
        return holders.indexOf(asked) < without;
    }

    Grant grantOf(Entry entry, long now) {
        return new Grant(endpoint, entry.granted, target(entry, now), waiting(), cap, capVersion);
    }
}
