package io.genericpool.fleet.redis;

import io.genericpool.spi.shared.FleetEngine.HintListener;
import io.genericpool.spi.shared.FleetEngine.Subscription;
import io.genericpool.support.MaskedFailure;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.BinaryJedisPubSub;
import redis.clients.jedis.UnifiedJedis;

/**
 * Reads hints from the channels of the sessions. One daemon holds one connection while any session listens. When the
 * set of channels has changed, or the connection has failed, it subscribes anew: what is missed in between is found at
 * the next heartbeat.
 */
final class HintReader {
    private static final Logger LOG = LoggerFactory.getLogger(HintReader.class);
    /** Between two attempts to subscribe. */
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** Between two questions whether the connection is alive. */
    private static final long QUESTION_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final UnifiedJedis redis;
    private final LedgerScript script;
    private final ThreadFactory threads;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by the lock.
    private final Map<String, HintListener> listeners = new HashMap<>();
    private @Nullable Thread reader;
    private @Nullable Channels current;
    private long asked = System.nanoTime();
    private boolean stale;
    private boolean closed;

    HintReader(UnifiedJedis redis, LedgerScript script, ThreadFactory threads) {
        this.redis = redis;
        this.script = script;
        this.threads = threads;
    }

    Subscription add(String fleet, String session, HintListener listener) {
        String channel = new String(script.channel(fleet, session), StandardCharsets.UTF_8);
        Channels outdated;
        lock.lock();
        try {
            if (closed) {
                return () -> {};
            }
            listeners.put(channel, listener);
            outdated = change();
            if (reader == null) {
                reader = threads.newThread(this::read);
                reader.start();
            }
        } finally {
            lock.unlock();
        }
        end(outdated);
        return () -> remove(channel, listener);
    }

    private void remove(String channel, HintListener listener) {
        Channels outdated = null;
        lock.lock();
        try {
            if (listeners.remove(channel, listener)) {
                outdated = change();
            }
        } finally {
            lock.unlock();
        }
        end(outdated);
    }

    /**
     * Asks the server for a sign, after a call that it has answered. A connection may die without one, behind a firewall
     * say. If none comes, a client with a {@code blockingSocketTimeoutMillis} gives it up.
     */
    void askForSign() {
        Channels asking;
        lock.lock();
        try {
            long now = System.nanoTime();
            if (now - asked < QUESTION_NANOS) {
                return;
            }
            asked = now;
            asking = current;
        } finally {
            lock.unlock();
        }
        if (asking != null) {
            asking.askForSign();
        }
    }

    void close() {
        Channels outdated;
        lock.lock();
        try {
            closed = true;
            listeners.clear();
            outdated = change();
        } finally {
            lock.unlock();
        }
        end(outdated);
    }

    /** Under the lock. @return what is subscribed now and has to end */
    private @Nullable Channels change() {
        stale = true;
        changed.signalAll();
        return current;
    }

    /** The reader finds the change by itself if this fails: then its connection is gone. */
    private static void end(@Nullable Channels outdated) {
        if (outdated != null) {
            outdated.end();
        }
    }

    // ---- the reader

    private void read() {
        boolean hasFailed = false;
        while (true) {
            Channels next = next(hasFailed);
            if (next == null) {
                return;
            }
            long start = System.nanoTime();
            try {
                redis.subscribe(next, next.names);
                hasFailed = false;
            } catch (RuntimeException e) {
                if (!hasFailed) {
                    LOG.debug(
                            "hints of the fleet cannot be read; shares move at the heartbeats only",
                            MaskedFailure.of(e));
                }
                hasFailed = System.nanoTime() - start < PAUSE_NANOS; // what has worked for a while is tried at once
            } catch (Throwable e) {
                LOG.warn(
                        "hints of the fleet are not read any more; shares move at the heartbeats only",
                        MaskedFailure.of(e));
                return;
            }
        }
    }

    /** Waits after a failure. Returns null, and forgets the thread, when no session listens. */
    private @Nullable Channels next(boolean hasFailed) {
        lock.lock();
        try {
            current = null;
            long left = hasFailed ? PAUSE_NANOS : 0;
            while (left > 0 && !closed) {
                left = changed.awaitNanos(left);
            }
            if (listeners.isEmpty()) {
                reader = null;
                return null;
            }
            stale = false;
            current = new Channels(listeners.keySet());
            return current;
        } catch (InterruptedException e) {
            reader = null; // not by this class; a later session starts another one
            return null;
        } finally {
            lock.unlock();
        }
    }

    private boolean isOutdated(Channels channels) {
        lock.lock();
        try {
            return stale || current != channels;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable HintListener listener(String channel) {
        lock.lock();
        try {
            return listeners.get(channel);
        } finally {
            lock.unlock();
        }
    }

    /** One subscription of all channels that there were when it began. */
    private final class Channels extends BinaryJedisPubSub {
        private final byte[][] names;
        /** A command after that to end would be answered to the next user of the connection. */
        private final ReentrantLock commands = new ReentrantLock();

        private boolean ending;

        Channels(Collection<String> channels) {
            this.names = channels.stream()
                    .map(channel -> channel.getBytes(StandardCharsets.UTF_8))
                    .toArray(byte[][]::new);
        }

        @Override
        public void onSubscribe(byte[] channel, int count) {
            if (count == names.length && isOutdated(this)) {
                end(); // the change came before there was a connection to end it by
            }
        }

        @Override
        public void onMessage(byte[] channel, byte[] message) {
            HintListener listener = listener(new String(channel, StandardCharsets.UTF_8));
            if (listener != null) {
                try {
                    listener.hint(endpoints(message));
                } catch (RuntimeException e) {
                    LOG.warn("a listener of hints failed", e);
                }
            }
        }

        private void end() {
            command(() -> {
                ending = true;
                unsubscribe();
            });
        }

        private void askForSign() {
            command(this::ping);
        }

        private void command(Runnable command) {
            commands.lock();
            try {
                if (isSubscribed() && !ending) {
                    command.run();
                }
            } catch (RuntimeException e) {
                LOG.debug("a subscription takes no command; its connection is gone", MaskedFailure.of(e));
            } finally {
                commands.unlock();
            }
        }
    }

    /** Endpoints as {@code length:bytes}, one after the other. */
    static Collection<String> endpoints(byte[] message) {
        List<String> endpoints = new ArrayList<>();
        int at = 0;
        while (at < message.length) {
            int length = 0;
            for (; at < message.length && message[at] != ':'; at++) {
                length = 10 * length + message[at] - '0';
            }
            int from = at + 1;
            if (length < 0 || length > message.length - from) {
                throw new IllegalArgumentException("a hint of " + message.length + " bytes ends within an endpoint");
            }
            endpoints.add(new String(message, from, length, StandardCharsets.UTF_8));
            at = from + length;
        }
        return endpoints;
    }
}
