package io.genericpool.fleet.internal.keeper;

import io.genericpool.spi.PoolClock;
import io.genericpool.spi.SharedLimits;

/** What all parts of a keeper work with. */
record Means<E>(
        KeeperSettings<E> settings,
        String session,
        SharedLimits.Holder<E> pool,
        PoolClock clock,
        Mailbox mailbox,
        Alarms alarms,
        Guard guard) {
    static <E> Means<E> of(KeeperSettings<E> settings, SharedLimits.Holder<E> pool, String session) {
        PoolClock own = settings.clock();
        PoolClock clock = own == null ? pool.clock() : own;
        var mailbox = new Mailbox();
        return new Means<>(settings, session, pool, clock, mailbox, new Alarms(clock, mailbox), new Guard(mailbox));
    }
}
