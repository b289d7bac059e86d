package io.genericpool.fleet.internal.keeper;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was decided under the keeper's lock and is told without it: by one thread at a time, in order. */
final class Mailbox {
    private static final Logger LOG = LoggerFactory.getLogger(Mailbox.class);

    private final ConcurrentLinkedQueue<Runnable> letters = new ConcurrentLinkedQueue<>();
    private final AtomicInteger undelivered = new AtomicInteger();

    void add(Runnable letter) {
        letters.add(letter);
    }

    /** Holding no lock. Returns at once if another thread, or a caller of this one, delivers already. */
    void deliver() {
        if (undelivered.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            for (Runnable letter = letters.poll(); letter != null; letter = letters.poll()) {
                deliver(letter);
            }
            seen = undelivered.addAndGet(-seen);
        } while (seen != 0);
    }

    private static void deliver(Runnable letter) {
        try {
            letter.run();
        } catch (Throwable e) {
            LOG.error("a pool failed to take a message about its shares; please report this", e);
        }
    }
}
