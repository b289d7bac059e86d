package io.genericpool.console.internal.web;

import java.net.InetSocketAddress;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a console was built with.
 *
 * @param hosts names, in lower case, by which the console may be called beside its address
 * @param token null when none is needed
 */
public record WebSettings(
        InetSocketAddress address,
        Set<String> hosts,
        @Nullable String token,
        boolean allowActions) {
    @Override
    public String toString() {
        return "console at " + address + (token == null ? "" : " with a token");
    }
}
