package io.genericpool.benchmarks;

import java.util.List;

/** The pools by name. A factory method loads the class of the one that is asked for, and no other. */
final class Subjects {
    static final String OURS = "generic-pool";
    static final String COMMONS = "commons-pool2";
    static final String STRICT = "httpcore-strict";
    static final String LAX = "httpcore-lax";
    static final String SEGMENTED = "httpcore-segmented";
    static final String BAG = "hikari-bag";
    static final String FLOOR = "floor";

    static final List<String> ALL = List.of(OURS, COMMONS, STRICT, LAX, SEGMENTED, BAG, FLOOR);

    /** Above this, pools whose release or lease walks all endpoints take minutes to fill. */
    private static final int MOST_FOR_WALKERS = 10_000;

    private Subjects() {}

    static Subject<?> of(String name, int endpoints, int maxSize, Opener opener) {
        int total = Math.multiplyExact(endpoints, maxSize);
        return switch (name) {
            case OURS -> new GenericPoolSubject(maxSize, total, opener);
            case COMMONS -> new CommonsSubject(maxSize, total, opener);
            case STRICT -> HttpCoreSubject.strict(maxSize, total, opener);
            case LAX -> HttpCoreSubject.lax(maxSize, opener);
            case SEGMENTED -> HttpCoreSubject.segmented(maxSize, total, opener);
            case BAG -> new BagSubject(opener);
            case FLOOR -> new FloorSubject(opener);
            default -> throw new IllegalArgumentException("no such pool: " + name);
        };
    }

    /** Whether the pool's cost grows so with the number of endpoints that this many are left out. */
    static boolean isTooSlowFor(String name, int endpoints) {
        return endpoints > MOST_FOR_WALKERS && (name.equals(COMMONS) || name.equals(STRICT));
    }
}
