package io.genericpool.tcp;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Finds the addresses of a host. Called once a connect (calls at once for the same host share an answer), on the manager's
 * executor, so it may block; not called for a host that is an address itself.
 */
@FunctionalInterface
public interface HostResolver {
    /** Asks the system, which keeps answers for as long as {@code networkaddress.cache.ttl} says. */
    HostResolver SYSTEM = host -> List.of(InetAddress.getAllByName(host));

    /**
     * Finds the addresses.
     *
     * @param host the name
     * @return the addresses in the order in which they shall be tried; none counts as an unknown host
     * @throws UnknownHostException when there is no such host
     */
    List<InetAddress> resolve(String host) throws UnknownHostException;
}
