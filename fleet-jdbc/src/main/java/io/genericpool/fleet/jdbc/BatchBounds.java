package io.genericpool.fleet.jdbc;

import io.genericpool.spi.shared.Batch;
import io.genericpool.spi.shared.Claim;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** What the tables can hold: an entry of an index has at most some 2,700 bytes. */
final class BatchBounds {
    static final int MOST_BYTES = 2_000;
    static final Duration LONGEST_LEASE = Duration.ofDays(1_000);

    private BatchBounds() {}

    static void check(Batch batch) {
        if (batch.lease().compareTo(LONGEST_LEASE) > 0) {
            throw new IllegalArgumentException("lease must be at most " + LONGEST_LEASE.toDays() + " days, but is "
                    + batch.lease().toDays());
        }
        int bytes = bytes("fleet", batch.fleet()) + bytes("session", batch.session());
        atMost(bytes, batch.fleet());
        for (Claim claim : batch.claims()) {
            atMost(bytes + bytes("endpoint", claim.endpoint()), claim.endpoint());
        }
    }

    private static int bytes(String what, String name) {
        if (name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    what + " must not contain the character 0, which PostgreSQL cannot store, " + "but is '"
                            + name.replace("\0", "\\0") + "'");
        }
        return name.getBytes(StandardCharsets.UTF_8).length;
    }

    private static void atMost(int bytes, String name) {
        if (bytes > MOST_BYTES) {
            throw new IllegalArgumentException("fleet, session and endpoint must have at most " + MOST_BYTES
                    + " bytes together, but have " + bytes + " with '" + name.substring(0, Math.min(100, name.length()))
                    + "...'");
        }
    }
}
