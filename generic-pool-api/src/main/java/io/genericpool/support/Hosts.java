package io.genericpool.support;

import java.util.regex.Pattern;

/** What a text says of a host. */
public final class Hosts {
    /** Four numbers up to 255. Short forms and octal numbers mean different things to different resolvers. */
    private static final Pattern IPV4 = Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(?:\\.|$)){4}");

    private Hosts() {}

    /**
     * Whether the host is an address and no name. No name server is asked. A text with a colon is no name, so it counts as
     * an address whether it is a valid one or not.
     */
    public static boolean isAddress(String host) {
        return host.indexOf(':') >= 0
                || (!host.endsWith(".") && IPV4.matcher(host).matches());
    }
}
