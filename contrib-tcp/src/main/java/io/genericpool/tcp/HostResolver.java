package io.genericpool.tcp;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Finds the addresses of a host. Called once per connect (calls at once for the same host share an answer), on the manager's
 * executor, so it may block; not called for a host that is an address itself. A call that has not returned within the time
 * of a connect is followed by another one, of which a host has four at most.
 */
@FunctionalInterface
public interface HostResolver {
    /** Asks the system, which keeps answers for as long as {@code networkaddress.cache.ttl} says. */
    HostResolver SYSTEM = host -> List.of(InetAddress.getAllByName(host));

    /**
     * Finds the addresses.
     *
     * @param host the name
     * @return the addresses, the most wanted first; none counts as an unknown host. IPv4 and IPv6 take turns, and addresses
     *     that failed lately are tried last
     * @throws UnknownHostException when there is no such host
     */
    List<InetAddress> resolve(String host) throws UnknownHostException;
}
