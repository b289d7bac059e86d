package io.genericpool.tcp.internal.connect;

import io.genericpool.spi.PoolClock;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Decides in which order the addresses of a host are tried: the families in turn, and last those whose connect has failed
 * lately or did not answer in time. What it remembers is bounded, and has an age. Thread-safe.
 */
final class AddressMemory {
    /** How many addresses are remembered; then the one that failed longest ago is forgotten. */
    static final int CAPACITY = 1_000;

    private final PoolClock clock;
    private final long age;
    private final ReentrantLock lock = new ReentrantLock();
    /** Under the lock: when each failed, the longest ago first. */
    private final LinkedHashMap<SocketAddress, Long> failures = new LinkedHashMap<>();

    /** @param age how long a failure counts, in nanoseconds; 0 for not at all */
    AddressMemory(PoolClock clock, long age) {
        this.clock = clock;
        this.age = age;
    }

    void failed(SocketAddress address) {
        if (age == 0) {
            return;
        }
        long now = clock.nanoTime();
        lock.lock();
        try {
            failures.remove(address);
            failures.put(address, now);
            var oldest = failures.values().iterator();
            while (oldest.hasNext() && (failures.size() > CAPACITY || now - oldest.next() >= age)) {
                removeOldest();
                oldest = failures.values().iterator();
            }
        } finally {
            lock.unlock();
        }
    }

    private void removeOldest() {
        var entries = failures.entrySet().iterator();
        entries.next();
        entries.remove();
    }

    void connected(SocketAddress address) {
        lock.lock();
        try {
            failures.remove(address);
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return failures.size();
        } finally {
            lock.unlock();
        }
    }

    /** Puts targets in the order in which they shall be tried. */
    List<Target> order(List<Target> targets) {
        if (targets.size() < 2) {
            return targets;
        }
        Map<Target, Long> failedAt = failuresOf(targets);
        var fresh = new ArrayList<>(targets);
        fresh.removeAll(failedAt.keySet());
        var ordered = interleave(fresh);
        long now = clock.nanoTime();
        failedAt.entrySet().stream()
                .sorted(Comparator.comparingLong(failure -> failure.getValue() - now))
                .forEach(failure -> ordered.add(failure.getKey()));
        return ordered;
    }

    private Map<Target, Long> failuresOf(List<Target> targets) {
        var found = new LinkedHashMap<Target, Long>();
        long now = clock.nanoTime();
        lock.lock();
        try {
            if (failures.isEmpty()) {
                return Map.of();
            }
            for (Target target : targets) {
                Long failedAt = failures.get(target.address());
                if (failedAt != null && now - failedAt < age) {
                    found.put(target, failedAt);
                }
            }
            return found;
        } finally {
            lock.unlock();
        }
    }

    /** The first stays first; then the families take turns, each in its own order, for as long as there are two. */
    static List<Target> interleave(List<Target> targets) {
        var byFamily = new HashMap<Boolean, ArrayDeque<Target>>();
        targets.forEach(target -> byFamily.computeIfAbsent(isIpv6(target), family -> new ArrayDeque<>())
                .add(target));
        if (byFamily.size() < 2) {
            return new ArrayList<>(targets);
        }
        var ordered = new ArrayList<Target>(targets.size());
        boolean family = isIpv6(targets.get(0));
        while (ordered.size() < targets.size()) {
            Target next = byFamily.getOrDefault(family, new ArrayDeque<>()).poll();
            if (next != null) {
                ordered.add(next);
            }
            family = !family;
        }
        return ordered;
    }

    private static boolean isIpv6(Target target) {
        return target.address() instanceof InetSocketAddress address && address.getAddress() instanceof Inet6Address;
    }
}
