package io.genericpool.tcp.internal.connect;

import com.google.common.base.Ascii;
import com.google.common.base.CharMatcher;
import com.google.common.net.InetAddresses;
import io.genericpool.support.Hosts;
import io.genericpool.support.SafeText;
import java.net.IDN;

/** Writes hosts in one way, and refuses what cannot be one. */
public final class HostNames {
    private static final int MAX_LENGTH = 253;

    /** As the URL standard has it: what would end a host in a URL, a request line or a log, and what no name can have. */
    private static final CharMatcher FORBIDDEN = CharMatcher.whitespace()
            .or(CharMatcher.javaIsoControl())
            .or(CharMatcher.anyOf("#%/:<>?@[\\]^|\"`{},;"))
            .precomputed();

    /** Letters that IDNA 2003 maps to others and IDNA 2008 keeps: sharp s, final sigma, two joiners. */
    private static final CharMatcher AMBIGUOUS = CharMatcher.anyOf("\u00df\u03c2\u200c\u200d");

    private static final CharMatcher SCOPE = CharMatcher.inRange('a', 'z')
            .or(CharMatcher.inRange('A', 'Z'))
            .or(CharMatcher.inRange('0', '9'))
            .or(CharMatcher.anyOf("._-"));

    private HostNames() {}

    /**
     * The one way to write a host.
     *
     * @param host a name, or an address without brackets
     * @throws IllegalArgumentException when it can be neither
     */
    public static String canonical(String host) {
        if (host.isEmpty()) {
            throw invalid(host, "must not be empty");
        }
        if (host.indexOf(':') >= 0) {
            return canonicalIpv6(host);
        }
        check(host);
        if (AMBIGUOUS.matchesAnyOf(host)) {
            throw invalid(host, "has a letter that standards map to different names; write that part as xn--");
        }
        String name = toAscii(host);
        check(name); // some characters turn into others, such as a wide slash
        return Hosts.isAddress(name) ? InetAddresses.toAddrString(InetAddresses.forString(name)) : name;
    }

    private static String canonicalIpv6(String host) {
        int percent = host.indexOf('%');
        String address = percent < 0 ? host : host.substring(0, percent);
        String scope = percent < 0 ? "" : host.substring(percent + 1);
        if (!InetAddresses.isInetAddress(address)) {
            throw invalid(host, "is no IPv6 address");
        }
        if (percent >= 0 && (scope.isEmpty() || scope.length() > 64 || !SCOPE.matchesAllOf(scope))) {
            throw invalid(host, "must have a scope of 1 to 64 letters, digits, dots, underscores and hyphens");
        }
        String canonical = InetAddresses.toAddrString(InetAddresses.forString(address));
        return percent < 0 ? canonical : canonical + "%" + scope;
    }

    private static void check(String host) {
        int bad = FORBIDDEN.indexIn(host);
        if (bad >= 0) {
            throw invalid(host, String.format("must not have the character U+%04X", (int) host.charAt(bad)));
        }
        // A trailing dot only says that the name is complete.
        int length = host.endsWith(".") ? host.length() - 1 : host.length();
        if (length > MAX_LENGTH) {
            throw invalid(host, "must have at most " + MAX_LENGTH + " characters, but has " + length);
        }
    }

    private static String toAscii(String host) {
        try {
            return Ascii.toLowerCase(IDN.toASCII(host));
        } catch (IllegalArgumentException e) {
            throw invalid(host, "has a part that is empty, has more than 63 characters or cannot be written in ASCII");
        }
    }

    private static IllegalArgumentException invalid(String host, String complaint) {
        return new IllegalArgumentException("host \"" + SafeText.label(host) + "\" " + complaint);
    }

    /** A host as TLS knows it: without a trailing dot and without a scope, which mean something on this machine only. */
    public static String forTls(String host) {
        int percent = host.indexOf('%');
        String unscoped = percent < 0 ? host : host.substring(0, percent);
        return unscoped.endsWith(".") ? unscoped.substring(0, unscoped.length() - 1) : unscoped;
    }

    public static boolean isScoped(String host) {
        return host.indexOf('%') >= 0;
    }
}
