package io.genericpool.console.internal.web;

import com.sun.net.httpserver.Headers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who has shown the token. A browser shows it once and then has a random cookie, so the token is in no address and in no
 * store of the browser. A program sends it with each request. Thread-safe.
 */
final class Sessions {
    private static final int MOST = 64;
    private static final long LONGEST = TimeUnit.HOURS.toNanos(12);
    private static final int MOST_FAILURES = 10;
    private static final long FAILURES_COUNT_FOR = TimeUnit.MINUTES.toNanos(1);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte @Nullable [] token;
    private final String cookie;
    private final LongSupplier nanos;

    // Guarded by this.
    private final Map<String, Long> sessions = new LinkedHashMap<>();
    private final Deque<Long> failures = new ArrayDeque<>();

    Sessions(@Nullable String token, int port, LongSupplier nanos) {
        this.token = token == null ? null : digest(token);
        this.cookie = "pool-console-" + port + "="; // cookies do not tell ports apart
        this.nanos = nanos;
    }

    /** A secret for one session, one form or one reader. */
    static String newSecret() {
        var bytes = new byte[24];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Whether two secrets are the same, in a time that does not depend on where they differ or how long they are. */
    static boolean isSame(String one, String other) {
        return MessageDigest.isEqual(digest(one), digest(other));
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JVM lacks SHA-256, which every JVM must have", e);
        }
    }

    /** What a login ended with. */
    enum Login {
        WRONG,
        TOO_MANY,
        RIGHT
    }

    /**
     * Checks a token. After ten wrong ones within a minute, others are refused for a while. The right one is not, so that a
     * stranger who sends wrong ones does not lock its owners out.
     */
    synchronized Login check(String shown) {
        if (token == null) {
            return Login.RIGHT;
        }
        long now = nanos.getAsLong();
        while (!failures.isEmpty() && now - failures.getFirst() > FAILURES_COUNT_FOR) {
            failures.removeFirst();
        }
        if (MessageDigest.isEqual(token, digest(shown))) {
            return Login.RIGHT;
        }
        if (failures.size() >= MOST_FAILURES) {
            return Login.TOO_MANY;
        }
        failures.addLast(now);
        return Login.WRONG;
    }

    /** Begins a session. Returns the value of {@code Set-Cookie}. */
    synchronized String begin() {
        if (sessions.size() >= MOST) {
            sessions.remove(sessions.keySet().iterator().next());
        }
        String id = newSecret();
        sessions.put(id, nanos.getAsLong());
        return cookie + id + "; HttpOnly; SameSite=Strict; Path=/; Max-Age=" + TimeUnit.NANOSECONDS.toSeconds(LONGEST);
    }

    /** Whether the request may be answered: no token is needed, or the request has it or a session's cookie. */
    boolean admits(Headers headers) {
        if (token == null) {
            return true;
        }
        @Nullable String authorization = headers.getFirst("Authorization");
        if (authorization != null && authorization.startsWith("Bearer ")) {
            return check(authorization.substring("Bearer ".length()).strip()) == Login.RIGHT;
        }
        return headers.getOrDefault("Cookie", List.of()).stream()
                .flatMap(line -> List.of(line.split(";", -1)).stream())
                .map(String::strip)
                .filter(pair -> pair.startsWith(cookie))
                .anyMatch(pair -> isCurrent(pair.substring(cookie.length())));
    }

    private synchronized boolean isCurrent(String id) {
        long now = nanos.getAsLong();
        sessions.values().removeIf(begun -> now - begun > LONGEST);
        boolean found = false;
        for (String known : sessions.keySet()) {
            found |= isSame(known, id); // all of them, so the time does not depend on which one it is
        }
        return found;
    }
}
