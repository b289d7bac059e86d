package io.genericpool.benchmarks.subject;

import java.util.List;

/** The pools by name. A factory method loads the class of the one that is asked for, and no other. */
public final class Subjects {
    public static final String OURS = "generic-pool";
    public static final String OBSERVED = "generic-pool-observed";
    /** Completes futures on the thread that releases, as the peers do. */
    public static final String DIRECT = "generic-pool-direct";

    /** With limits that a fleet shares; in no default set. */
    public static final String SHARED = "generic-pool-shared";

    public static final String COMMONS = "commons-pool2";
    public static final String COMMONS_FAIR = "commons-pool2-fair";
    /** In no default set: ask for it by {@code -p pool=generic-pool-as-commons}. */
    public static final String COMMONS_VIEW = "generic-pool-as-commons";

    public static final String STRICT = "httpcore-strict";
    public static final String LAX = "httpcore-lax";
    public static final String SEGMENTED = "httpcore-segmented";
    public static final String REACTOR = "reactor-pool";
    public static final String BAG = "hikari-bag";
    public static final String SEMAPHORE = "fair-semaphore";
    public static final String FLOOR = "floor";
    /** Touches as many objects as a pool with several connections an endpoint. */
    public static final String WIDE_FLOOR = "floor-wide";

    /** Those that acquire and release of an idle connection is measured with. */
    public static final List<String> ALL =
            List.of(OURS, OBSERVED, COMMONS, STRICT, LAX, SEGMENTED, REACTOR, BAG, FLOOR);

    /** Peers that are pools by endpoint themselves. */
    public static final List<String> KEYED = List.of(COMMONS, STRICT, LAX, SEGMENTED);

    /** Peers that hand a connection to the one who waits longest (two of HttpCore's nearly always). */
    public static final List<String> FIFO = List.of(COMMONS_FAIR, STRICT, LAX, SEGMENTED, REACTOR);

    /** Above this, pools whose release or lease walks all endpoints take minutes to fill. */
    private static final int MOST_FOR_WALKERS = 10_000;

    private Subjects() {}

    /**
     * Makes a pool.
     *
     * @param maxSize how many connections an endpoint may have
     * @param total how many there may be together; ignored by those that know no such limit
     */
    public static Subject<?> of(String name, int maxSize, int total, Opener opener) {
        return switch (name) {
            case OURS -> GenericPoolSubject.inline(maxSize, total, opener);
            case OBSERVED -> GenericPoolSubject.observed(maxSize, total, opener);
            case DIRECT -> GenericPoolSubject.direct(maxSize, total, opener);
            case SHARED -> GenericPoolSubject.shared(maxSize, total, opener);
            case COMMONS -> new CommonsSubject(maxSize, total, false, opener);
            case COMMONS_FAIR -> new CommonsSubject(maxSize, total, true, opener);
            case COMMONS_VIEW -> new CommonsViewSubject(maxSize, total, opener);
            case STRICT -> HttpCoreSubject.strict(maxSize, total, opener);
            case LAX -> HttpCoreSubject.lax(maxSize, opener);
            case SEGMENTED -> HttpCoreSubject.segmented(maxSize, total, opener);
            case REACTOR -> new ReactorSubject(maxSize, opener);
            case BAG -> new BagSubject(opener);
            case SEMAPHORE -> new SemaphoreSubject(maxSize, opener);
            case FLOOR -> new FloorSubject(opener);
            case WIDE_FLOOR -> new WideFloorSubject(opener);
            default -> throw new IllegalArgumentException("no such pool: " + name);
        };
    }

    /** Whether the pool's cost grows so with the number of endpoints that this many are left out. */
    public static boolean isTooSlowFor(String name, int endpoints) {
        return endpoints > MOST_FOR_WALKERS && (name.equals(COMMONS) || name.equals(STRICT));
    }
}
