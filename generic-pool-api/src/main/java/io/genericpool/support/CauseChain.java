package io.genericpool.support;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The exceptions behind an exception. They form a graph: drivers refer from one to another in circles, and a class of a user
 * may compute its cause. So each is visited once, at most {@link #MOST} are visited, and one that throws has none.
 */
public final class CauseChain {
    /** More than a person reads. */
    public static final int MOST = 100;

    private CauseChain() {}

    /**
     * The exception itself, its causes, and what each of them suppressed or is chained to as a {@code SQLException} is by its
     * next exceptions. Causes come before the others.
     */
    public static List<Throwable> all(@Nullable Throwable failure) {
        Set<Throwable> seen = newIdentitySet();
        List<Throwable> found = new ArrayList<>();
        var open = new ArrayDeque<Throwable>();
        addTo(open, failure);
        for (Throwable start = open.poll(); start != null && found.size() < MOST; start = open.poll()) {
            for (Throwable e = start; e != null && found.size() < MOST && seen.add(e); e = causeOf(e)) {
                found.add(e);
                addChained(open, e);
                for (Throwable suppressed : e.getSuppressed()) {
                    addTo(open, suppressed);
                }
            }
        }
        return found;
    }

    /** The exception itself and its causes, in that order. */
    public static List<Throwable> causes(@Nullable Throwable failure) {
        Set<Throwable> seen = newIdentitySet();
        List<Throwable> found = new ArrayList<>();
        for (Throwable e = failure; e != null && found.size() < MOST && seen.add(e); e = causeOf(e)) {
            found.add(e);
        }
        return found;
    }

    /** The first of a type among {@linkplain #all all} of them. */
    public static <T> @Nullable T find(@Nullable Throwable failure, Class<T> type) {
        for (Throwable e : all(failure)) {
            if (type.isInstance(e)) {
                return type.cast(e);
            }
        }
        return null;
    }

    /** What a future or an executor has wrapped; the exception itself when nothing has. */
    public static Throwable unwrapped(Throwable failure) {
        Throwable e = failure;
        for (int depth = 0; depth < MOST && isWrapper(e); depth++) {
            Throwable cause = causeOf(e);
            if (cause == null) {
                return e;
            }
            e = cause;
        }
        return e;
    }

    private static boolean isWrapper(Throwable e) {
        return e instanceof CompletionException || e instanceof ExecutionException;
    }

    private static @Nullable Throwable causeOf(Throwable e) {
        try {
            return e.getCause();
        } catch (Throwable broken) {
            return null;
        }
    }

    /**
     * A {@code SQLException} iterates over those it is chained to. Its type is in a module that this one does not need; and the
     * iterator ends by itself only where the chain is no circle.
     */
    private static void addChained(ArrayDeque<Throwable> open, Throwable e) {
        if (!(e instanceof Iterable<?> chain)) {
            return;
        }
        try {
            int count = 0;
            for (Object next : chain) {
                if (next instanceof Throwable chained && chained != e) {
                    addTo(open, chained);
                }
                if (++count >= MOST) {
                    return;
                }
            }
        } catch (Throwable broken) {
            // What was found until then is enough.
        }
    }

    private static void addTo(ArrayDeque<Throwable> open, @Nullable Throwable e) {
        if (e != null && open.size() < MOST) {
            open.add(e);
        }
    }

    private static Set<Throwable> newIdentitySet() {
        return Collections.newSetFromMap(new IdentityHashMap<>());
    }
}
