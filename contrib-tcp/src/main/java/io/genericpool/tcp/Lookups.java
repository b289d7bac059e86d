package io.genericpool.tcp;

import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;

/**
 * Looks hosts up without blocking who asks. The JDK can only block, so a lookup holds a thread of the executor; at most one
 * a host, however many connects wait for it and however often they give up.
 */
final class Lookups {
    private final HostResolver resolver;
    private final Executor executor;
    private final ConcurrentMap<String, CompletableFuture<List<InetAddress>>> inFlight = new ConcurrentHashMap<>();

    Lookups(HostResolver resolver, Executor executor) {
        this.resolver = resolver;
        this.executor = executor;
    }

    /** Looks a name up. @return the own future, completed with one address at least; it may be cancelled without harm to others */
    CompletableFuture<List<InetAddress>> lookUp(String host) {
        if (InetAddresses.isInetAddress(host)) {
            return CompletableFuture.completedFuture(List.of(InetAddresses.forString(host)));
        }
        var own = new CompletableFuture<List<InetAddress>>();
        CompletableFuture<List<InetAddress>> shared = inFlight.putIfAbsent(host, own);
        if (shared != null) {
            return shared.copy();
        }
        try {
            executor.execute(() -> {
                resolve(host, own);
            });
        } catch (RuntimeException | Error e) {
            inFlight.remove(host);
            own.completeExceptionally(e);
        }
        return own.copy();
    }

    private void resolve(String host, CompletableFuture<List<InetAddress>> own) {
        List<InetAddress> addresses = List.of();
        Throwable failure = null;
        try {
            addresses = List.copyOf(resolver.resolve(host));
            if (addresses.isEmpty()) {
                failure = new UnknownHostException(host);
            }
        } catch (Throwable e) {
            failure = e;
        }
        inFlight.remove(host); // first, so that nobody is given the outcome of a lookup that ended before he asked
        if (failure == null) {
            own.complete(addresses);
        } else {
            own.completeExceptionally(failure);
        }
    }
}
