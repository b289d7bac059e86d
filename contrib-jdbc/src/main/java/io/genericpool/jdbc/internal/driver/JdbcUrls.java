package io.genericpool.jdbc.internal.driver;

import io.genericpool.support.SafeText;

/** What may be said of a JDBC URL. */
public final class JdbcUrls {
    public static final String SCHEME = "jdbc:";

    private JdbcUrls() {}

    /** The part of a URL that can hold no secret: {@code jdbc:postgresql}. */
    public static String vendor(String url) {
        int end = url.indexOf(':', SCHEME.length());
        return end < 0 ? "jdbc" : SafeText.label(url.substring(0, end));
    }
}
