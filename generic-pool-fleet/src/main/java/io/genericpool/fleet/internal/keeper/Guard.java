package io.genericpool.fleet.internal.keeper;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The keeper's lock. What a step under it has decided is told once the lock is let go. */
final class Guard {
    private final ReentrantLock lock = new ReentrantLock();
    private final Mailbox mailbox;

    Guard(Mailbox mailbox) {
        this.mailbox = mailbox;
    }

    void run(Runnable step) {
        get(() -> {
            step.run();
            return (Object) null;
        });
    }

    <T> @Nullable T get(Supplier<@Nullable T> step) {
        T result;
        lock.lock();
        try {
            result = step.get();
        } finally {
            lock.unlock();
        }
        mailbox.deliver();
        return result;
    }
}
