package io.genericpool.fleet.redis;

import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** What lies behind an exception of Jedis: its own message may be no more than "Failed to create socket." */
final class ConnectionFailure {
    private final JedisConnectionException failure;
    /** The failure, its causes and what they suppressed; of several addresses, each has a failure of its own. */
    private final List<Throwable> all = new ArrayList<>();

    ConnectionFailure(JedisConnectionException failure) {
        this.failure = failure;
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Throwable> next = new ArrayDeque<>(List.of(failure));
        while (!next.isEmpty()) {
            Throwable one = next.removeFirst();
            if (seen.add(one)) {
                all.add(one);
                if (one.getCause() != null) {
                    next.addLast(one.getCause());
                }
                Collections.addAll(next, one.getSuppressed());
            }
        }
    }

    /** A connection that had worked was cut, rather than refused, distrusted or too slow. */
    boolean isCut() {
        return all.stream()
                .noneMatch(one -> one instanceof ConnectException
                        || one instanceof SocketTimeoutException
                        || one instanceof SSLHandshakeException);
    }

    /** The same failure with a message that an operator can act on. */
    JedisConnectionException named() {
        for (Throwable one : all) {
            if (one instanceof SSLException) {
                return new JedisConnectionException("TLS with Redis failed: " + one.getMessage(), failure);
            }
        }
        Throwable last = all.get(all.size() - 1);
        return last == failure ? failure : new JedisConnectionException(failure.getMessage() + " " + last, failure);
    }
}
