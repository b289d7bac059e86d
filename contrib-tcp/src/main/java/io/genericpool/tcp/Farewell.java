package io.genericpool.tcp;

import io.genericpool.DisposeReason;
import java.util.EnumSet;
import java.util.Set;

/**
 * Whom TLS says goodbye to: not to a peer that is gone, nor where a permit is waited for. In every case the socket is closed
 * and not reset, since a reset could destroy what a lease has written before and the peer has not read yet.
 */
final class Farewell {
    private static final Set<DisposeReason> WITHOUT =
            EnumSet.of(DisposeReason.DEAD, DisposeReason.PRESSURE, DisposeReason.HOOK_FAILED);

    private Farewell() {}

    static boolean isDueFor(DisposeReason reason) {
        return !WITHOUT.contains(reason);
    }
}
