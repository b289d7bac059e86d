package io.genericpool.core.internal;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/** The threads that wait until connections are gone; each permit that comes back wakes them. */
final class PermitReturns {
    final Queue<Thread> waiting = new ConcurrentLinkedQueue<>();

    void wake() {
        waiting.forEach(LockSupport::unpark);
    }
}
