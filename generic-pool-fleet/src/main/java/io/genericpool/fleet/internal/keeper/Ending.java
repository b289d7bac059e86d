package io.genericpool.fleet.internal.keeper;

import io.genericpool.spi.shared.FleetEngine;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The end of a session: it is closing once the pool is closed, and over when its last call has ended. Under the
 * keeper's lock.
 */
final class Ending {
    private final Alarms alarms;
    private final Mailbox mailbox;
    private final CompletableFuture<Object> ended = new CompletableFuture<>();

    private boolean closing;
    private boolean over;
    private Alarms.@Nullable Alarm closeTimer;
    /** Written before there is another thread that knows of it. */
    private volatile FleetEngine.@Nullable Subscription subscription;

    Ending(Alarms alarms, Mailbox mailbox) {
        this.alarms = alarms;
        this.mailbox = mailbox;
    }

    boolean isClosing() {
        return closing;
    }

    boolean isOver() {
        return over;
    }

    /** What completes at the end, or when the time to close has passed. */
    CompletableFuture<Object> ended() {
        return ended;
    }

    void listens(FleetEngine.Subscription own) {
        subscription = own;
    }

    void beginToClose() {
        closing = true;
    }

    void giveUpAfter(long nanos) {
        if (!over) {
            closeTimer = alarms.set(() -> ended.complete(this), nanos);
        }
    }

    void end() {
        over = true;
        if (closeTimer != null) {
            closeTimer.cancel();
        }
        FleetEngine.Subscription listening = subscription;
        if (listening != null) {
            mailbox.add(listening::close);
        }
        mailbox.add(() -> ended.complete(this));
    }
}
