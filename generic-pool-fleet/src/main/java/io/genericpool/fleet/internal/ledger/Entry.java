package io.genericpool.fleet.internal.ledger;

/** What one session has and wants at one endpoint. */
final class Entry {
    final LedgerSession session;
    final Account account;
    int granted;
    int wanted;
    int nice;
    /** Its place in the line of the starving; 0 while it is in none. */
    long place;
    /** When it was last granted something after having had nothing. */
    long since;

    Entry(LedgerSession session, Account account) {
        this.session = session;
        this.account = account;
    }

    boolean isStarving() {
        return wanted > granted;
    }

    /** What it lacks of a level, as far as it wants it. */
    int needUpTo(int level) {
        return Math.max(0, Math.min(wanted, level) - granted);
    }

    int need() {
        return Math.max(0, wanted - granted);
    }
}
