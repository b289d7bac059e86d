package io.genericpool.support;

/** What a text says of a host. */
public final class Hosts {
    private Hosts() {}

    /** Whether the host is an address and no name. No name server is asked. */
    public static boolean isAddress(String host) {
        return host.indexOf(':') >= 0
                || (!host.isEmpty() && host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9')));
    }
}
