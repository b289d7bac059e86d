package io.genericpool.tcp;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Finds the addresses of a host. The manager calls it once per connection attempt, on its executor, so the method may
 * block. Simultaneous calls for the same host share one answer. The manager does not call it for a host that is an
 * address itself. When a call exceeds the time of a connection attempt, another call starts, up to four per host.
 */
@FunctionalInterface
public interface HostResolver {
    /** Asks the system resolver, which caches answers for the time set by {@code networkaddress.cache.ttl}. */
    HostResolver SYSTEM = host -> List.of(InetAddress.getAllByName(host));

    /**
     * Finds the addresses of a host.
     *
     * @param host the host name
     * @return the addresses, the preferred one first; an empty list counts as an unknown host. The manager alternates
     *     IPv4 and IPv6, and tries addresses that failed recently last
     * @throws UnknownHostException when the host does not exist
     */
    List<InetAddress> resolve(String host) throws UnknownHostException;
}
