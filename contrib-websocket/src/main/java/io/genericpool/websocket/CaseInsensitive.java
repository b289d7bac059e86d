package io.genericpool.websocket;

import java.util.Locale;

/** Header names, schemes and hosts are compared without regard to case, whatever the default locale. */
final class CaseInsensitive {
    private CaseInsensitive() {}

    static String lower(String value) {
        return value.toLowerCase(Locale.ROOT);
    }
}
