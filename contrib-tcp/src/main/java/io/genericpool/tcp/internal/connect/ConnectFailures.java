package io.genericpool.tcp.internal.connect;

import io.genericpool.support.SafeText;
import java.net.ConnectException;
import java.util.ArrayDeque;
import java.util.Deque;

/** What went wrong at the addresses of one host: the last few failures, and how many there were. Not thread-safe. */
public final class ConnectFailures {
    /** How many are kept. A host with many addresses fails in the same way at most of them. */
    public static final int KEPT = 8;

    private final Deque<ConnectException> kept = new ArrayDeque<>();
    private int count;

    void add(Target target, Throwable failure) {
        var named = new ConnectException(target.address() + ": " + SafeText.messageOf(failure));
        named.initCause(failure);
        kept.add(named);
        count++;
        if (kept.size() > KEPT) {
            kept.removeFirst();
        }
    }

    /** The failure of the whole: the last one, with the others suppressed. */
    ConnectException toException(Object endpoint) {
        ConnectException last = kept.pollLast();
        if (last == null) {
            return new ConnectException("no connection to " + endpoint + ": it has no address");
        }
        String others = count == 1 ? "" : ", the last of " + count + " failed attempts";
        var failure = new ConnectException("no connection to " + endpoint + ": " + last.getMessage() + others);
        failure.initCause(last.getCause());
        kept.forEach(failure::addSuppressed);
        return failure;
    }

    /** Adds what went wrong so far to a failure of another kind. */
    void addTo(Throwable failure) {
        kept.forEach(failure::addSuppressed);
    }
}
