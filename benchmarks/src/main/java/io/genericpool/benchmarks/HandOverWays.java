package io.genericpool.benchmarks;

import io.genericpool.benchmarks.subject.Subject;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.locks.LockSupport;

/** What can hand something over to a parked thread: a pool with one connection, and the JDK's own means beside it. */
final class HandOverWays {
    private HandOverWays() {}

    /** The only connection of a pool. */
    static <L> HandOver.Way pool(Subject<L> subject, String endpoint) {
        return new HandOver.Way() {
            private L held;

            @Override
            public void prepare() throws Exception {
                held = subject.acquire(endpoint);
                subject.taken(endpoint, held);
            }

            @Override
            public void await(Runnable onRun) throws Exception {
                L lease = subject.acquire(endpoint);
                onRun.run();
                subject.taken(endpoint, lease);
                subject.given(lease);
                subject.release(endpoint, lease);
            }

            @Override
            public void release() throws Exception {
                subject.given(held);
                subject.release(endpoint, held);
            }
        };
    }

    static HandOver.Way semaphore() {
        var semaphore = new Semaphore(1, true);
        return new HandOver.Way() {
            @Override
            public void prepare() throws InterruptedException {
                semaphore.acquire();
            }

            @Override
            public void await(Runnable onRun) throws InterruptedException {
                semaphore.acquire();
                onRun.run();
                semaphore.release();
            }

            @Override
            public void release() {
                semaphore.release();
            }
        };
    }

    static HandOver.Way synchronousQueue() {
        var queue = new SynchronousQueue<Object>();
        return new HandOver.Way() {
            @Override
            public void prepare() {}

            @Override
            public void await(Runnable onRun) throws InterruptedException {
                queue.take();
                onRun.run();
            }

            @Override
            public void release() throws InterruptedException {
                queue.put(this);
            }
        };
    }

    /** Nothing but what the system needs to let a thread run. */
    static HandOver.Way unpark() {
        return new HandOver.Way() {
            private volatile boolean isOpen;
            private volatile Thread waiter;

            @Override
            public void prepare() {
                waiter = null;
                isOpen = false;
            }

            @Override
            public void await(Runnable onRun) {
                waiter = Thread.currentThread();
                while (!isOpen) {
                    LockSupport.park(this);
                }
                onRun.run();
            }

            @Override
            public void release() {
                isOpen = true;
                LockSupport.unpark(waiter);
            }
        };
    }
}
