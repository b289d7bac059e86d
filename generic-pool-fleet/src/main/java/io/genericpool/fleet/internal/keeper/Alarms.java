package io.genericpool.fleet.internal.keeper;

import io.genericpool.spi.PoolClock;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The timers of a keeper. They are set and cancelled under its lock; the clock hears of both afterwards, through the
 * mailbox. What falls due runs on a thread of its own, since it calls the engine, and the clock's thread serves others
 * too. On a clock that is moved by hand it runs in place.
 */
final class Alarms {
    private static final Logger LOG = LoggerFactory.getLogger(Alarms.class);
    private static final long KEEP_ALIVE_SECONDS = 10;
    private static final Executor THREADS = new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, KEEP_ALIVE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                var thread = new Thread(task, "generic-pool-fleet");
                thread.setDaemon(true);
                return thread;
            });

    private final PoolClock clock;
    private final boolean inPlace;
    private final Mailbox mailbox;

    Alarms(PoolClock clock, Mailbox mailbox) {
        this.clock = clock;
        this.inPlace = clock.isManual();
        this.mailbox = mailbox;
    }

    /** Something that will be done, unless it is cancelled before it begins. */
    final class Alarm {
        private final Runnable task;
        private volatile boolean cancelled;
        /** Of the thread that delivers the mail. */
        private PoolClock.@Nullable Timer timer;

        private Alarm(Runnable task) {
            this.task = task;
        }

        private void arm(long delay) {
            if (!cancelled) {
                timer = schedule(this::due, delay);
            }
        }

        void cancel() {
            cancelled = true;
            mailbox.add(() -> {
                PoolClock.Timer set = timer;
                if (set != null) {
                    set.cancel();
                }
            });
        }

        private void due() {
            if (cancelled) {
                return;
            }
            if (inPlace) {
                task.run();
                return;
            }
            try {
                THREADS.execute(task);
            } catch (Throwable e) { // no thread can be had
                task.run();
            }
        }
    }

    /** Under the keeper's lock. */
    Alarm set(Runnable task, long delay) {
        var alarm = new Alarm(task);
        mailbox.add(() -> alarm.arm(delay));
        return alarm;
    }

    private PoolClock.Timer schedule(Runnable task, long delay) {
        try {
            return clock.schedule(task, delay);
        } catch (Throwable e) { // without its timers, a keeper would be silent for ever
            LOG.warn("the clock failed to set a timer; the system's clock sets it instead", e);
            return PoolClock.system().schedule(task, delay);
        }
    }
}
