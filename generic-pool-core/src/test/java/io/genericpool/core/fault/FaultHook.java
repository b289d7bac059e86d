package io.genericpool.core.fault;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where transformed classes of the engine call in: before each allocation and each call. One of these visits may throw.
 * Used by one thread.
 */
public final class FaultHook {
    private static final List<FaultSite> SITES = new ArrayList<>();
    private static int[] visits = new int[0];
    private static int target = -1;
    private static int untilThrow;
    private static @Nullable Runnable instead;

    private FaultHook() {}

    static int register(FaultSite site) {
        SITES.add(site);
        return SITES.size() - 1;
    }

    static FaultSite site(int number) {
        return SITES.get(number);
    }

    /** Forgets what was counted, and throws nothing. */
    static void count() {
        visits = new int[Math.max(SITES.size(), visits.length)];
        target = -1;
    }

    /** How often each site was visited since {@link #count}. */
    static int[] visits() {
        return visits.clone();
    }

    /** One visit of a site throws. @param nth which one, from 1 */
    static void arm(int site, int nth) {
        target = site;
        untilThrow = nth;
        instead = null;
    }

    /** The first visit of a site runs something and throws nothing, as if another thread did that meanwhile. */
    static void meanwhile(int site, Runnable action) {
        arm(site, 1);
        instead = action;
    }

    /** Nothing throws any more. @return whether something has */
    static boolean disarm() {
        boolean hasThrown = target == -1;
        target = -1;
        return hasThrown;
    }

    /** The number of a site that was visited since {@link #count}. */
    static int find(String owner, String method, String what) {
        for (int i = 0; i < visits.length; i++) {
            FaultSite site = i < SITES.size() && visits[i] > 0 ? SITES.get(i) : null;
            if (site != null
                    && site.owner().equals(owner)
                    && site.method().equals(method)
                    && site.what().equals(what)) {
                return i;
            }
        }
        throw new IllegalArgumentException("no visited site " + owner + "." + method + " " + what);
    }

    /** Called by the transformed classes. */
    public static void visit(int site) {
        if (site >= visits.length) {
            visits = Arrays.copyOf(visits, Math.max(1024, site * 2));
        }
        visits[site]++;
        if (site == target && --untilThrow == 0) {
            target = -1;
            Runnable action = instead;
            if (action == null) {
                throw SITES.get(site).error();
            }
            action.run();
        }
    }
}
