package io.genericpool.spi;

import io.genericpool.support.Hosts;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds the addresses of a host. Plug-ins call it on an executor, so the method may block. They do not call it for a host
 * that is an address itself. Any number of threads may call it.
 */
@FunctionalInterface
public interface HostResolver {
    /** Asks the system resolver, which caches answers for the time set by {@code networkaddress.cache.ttl}. */
    HostResolver SYSTEM = host -> List.of(InetAddress.getAllByName(host));

    /**
     * Finds the addresses of a host.
     *
     * @param host the host name
     * @return the addresses, the preferred one first; an empty list counts as an unknown host
     * @throws UnknownHostException when the host does not exist
     */
    List<InetAddress> resolve(String host) throws UnknownHostException;

    /**
     * Finds the addresses of several hosts together. A host that is an address itself is left out, because it does not
     * change. Managers can answer {@link ConnectionManager#addresses} with it.
     *
     * @param hosts the hosts
     * @return the addresses of all hosts; empty when none of them is a name
     * @throws UnknownHostException when one of the hosts does not exist
     */
    default Set<InetAddress> resolveAll(Collection<String> hosts) throws UnknownHostException {
        var all = new HashSet<InetAddress>();
        for (String host : hosts) {
            if (!Hosts.isAddress(host)) {
                List<InetAddress> found = resolve(host);
                if (found.isEmpty()) {
                    throw new UnknownHostException(host);
                }
                all.addAll(found);
            }
        }
        return all;
    }
}
