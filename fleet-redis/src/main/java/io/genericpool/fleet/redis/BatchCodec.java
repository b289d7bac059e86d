package io.genericpool.fleet.redis;

import io.genericpool.spi.shared.Batch;
import io.genericpool.spi.shared.Claim;
import io.genericpool.spi.shared.FleetEngine;
import io.genericpool.spi.shared.Grant;
import io.genericpool.spi.shared.Reply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** A batch as the script's arguments, and a reply from what it returns. */
final class BatchCodec {
    static final int MOST_CLAIMS = 100_000;
    /** Lua's numbers are doubles. */
    static final long LARGEST = (1L << 53) - 1;

    static final Duration LONGEST_LEASE = Duration.ofDays(1_000);
    private static final int FIELDS_OF_CLAIM = 5;

    private BatchCodec() {}

    static List<byte[]> encode(Batch batch) {
        atMost("claims", batch.claims().size(), MOST_CLAIMS);
        atMost("sequence", batch.sequence(), LARGEST);
        atMost("capVersion", batch.capVersion(), LARGEST);
        atMost("sum", batch.sum(), LARGEST);
        atMost("lease in milliseconds", batch.lease().toMillis(), LONGEST_LEASE.toMillis());
        List<byte[]> arguments =
                new ArrayList<>(7 + FIELDS_OF_CLAIM * batch.claims().size());
        arguments.add(bytes(batch.session()));
        arguments.add(bytes(batch.sequence()));
        arguments.add(bytes(batch.lease().toNanos() / 1_000));
        arguments.add(bytes(FleetEngine.TURN / 1_000));
        arguments.add(bytes(batch.capVersion()));
        arguments.add(bytes(batch.sum()));
        arguments.add(bytes(kind(batch.kind())));
        for (Claim claim : batch.claims()) {
            arguments.add(bytes(claim.endpoint()));
            arguments.add(bytes(claim.cap()));
            arguments.add(bytes(claim.share()));
            arguments.add(bytes(claim.wanted()));
            arguments.add(bytes(claim.nice()));
        }
        return arguments;
    }

    private static String kind(Batch.Kind kind) {
        return switch (kind) {
            case CHANGES -> "c";
            case RESTATEMENT -> "r";
            case LEAVE -> "l";
        };
    }

    private static void atMost(String name, long value, long bound) {
        if (value > bound) {
            throw new IllegalArgumentException(name + " must be at most " + bound + ", but is " + value);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] bytes(long number) {
        return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
    }

    static Reply decode(Batch batch, Object answer) {
        Iterator<?> parts = list(answer).iterator();
        boolean isApplied = isTrue(parts.next());
        boolean isNew = isTrue(parts.next());
        boolean restate = isTrue(parts.next());
        boolean isLearning = isTrue(parts.next());
        List<Grant> grants = new ArrayList<>();
        Iterator<?> claimed = list(parts.next()).iterator();
        for (Claim claim : batch.claims()) {
            grants.add(grant(claim.endpoint(), claimed));
        }
        Iterator<?> others = list(parts.next()).iterator();
        while (others.hasNext()) {
            String endpoint = new String((byte[]) others.next(), StandardCharsets.UTF_8);
            grants.add(grant(endpoint, others));
        }
        return new Reply(batch.sequence(), isApplied, isNew, restate, isLearning, grants);
    }

    private static Grant grant(String endpoint, Iterator<?> numbers) {
        int share = Math.toIntExact(number(numbers));
        long target = number(numbers);
        return new Grant(
                endpoint,
                share,
                target < 0 ? Grant.NO_TARGET : Math.toIntExact(target),
                Math.toIntExact(number(numbers)),
                Math.toIntExact(number(numbers)),
                number(numbers));
    }

    private static long number(Iterator<?> numbers) {
        return (Long) numbers.next();
    }

    private static boolean isTrue(Object number) {
        return (Long) number != 0;
    }

    private static List<?> list(Object answer) {
        return (List<?>) answer;
    }
}
