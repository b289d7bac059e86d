package io.genericpool.fleet.internal.keeper;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All lines of a keeper: those of its endpoints, and that of the pool as a whole. Lines without a limit have no key.
 * Under the keeper's lock.
 */
final class Lines<E> {
    private final Map<E, Line<E>> byEndpoint = new HashMap<>();
    private final Map<String, Line<E>> byKey = new HashMap<>();
    private final @Nullable Line<E> total;
    private final Set<Line<E>> dirty = new LinkedHashSet<>();
    /** Those that want more than they have. */
    private final Set<Line<E>> starving = new LinkedHashSet<>();
    /** Those that must come down to a target. */
    private final Set<Line<E>> pressed = new LinkedHashSet<>();
    /** What is claimed of all lines. */
    private long claimed;
    /** As much of that is granted, as far as known. */
    private long granted;

    Lines(@Nullable Line<E> total) {
        this.total = total;
        if (total != null) {
            byKey.put(total.key, total);
        }
    }

    /** The line of the pool as a whole; null if that has no limit. */
    @Nullable
    Line<E> total() {
        return total;
    }

    @Nullable
    Line<E> find(E endpoint) {
        return byEndpoint.get(endpoint);
    }

    @Nullable
    Line<E> withKey(String key) {
        return byKey.get(key);
    }

    /** Those that the ledger knows of. */
    Collection<Line<E>> limited() {
        return Collections.unmodifiableCollection(byKey.values());
    }

    int endpoints() {
        return byEndpoint.size();
    }

    // ---- which there are

    /** Returns false, and adds nothing, if another endpoint has its key. */
    boolean add(E endpoint, Line<E> line) {
        if (line.isLimited() && byKey.putIfAbsent(line.key, line) != null) {
            return false;
        }
        byEndpoint.put(endpoint, line);
        return true;
    }

    /** It may have been forgotten since it was looked up, by a reply that came in between. */
    void keep(Line<E> line) {
        E endpoint = line.endpoint;
        if (endpoint != null && byEndpoint.get(endpoint) != line) {
            byEndpoint.put(endpoint, line);
            if (line.isLimited()) {
                byKey.put(line.key, line);
            }
        }
    }

    /**
     * A line that the pool has left, and the ledger too, goes.
     *
     * @param isInFlight whether a call names it whose reply has not come: then that forgets it
     */
    void forgetIfDone(Line<E> line, boolean isInFlight) {
        E endpoint = line.endpoint;
        boolean isDone = line.gone && (!line.isLimited() || (line.reported == 0 && !line.dirty && line.right == 0));
        if (endpoint != null && isDone && !isInFlight && byEndpoint.remove(endpoint, line)) {
            byKey.remove(line.key, line);
            dirty.remove(line);
            pressed.remove(line);
            starving.remove(line);
            count(line, 0);
        }
    }

    // ---- what they come to

    /** So much is claimed of it from now on. */
    void count(Line<E> line, int claim) {
        claimed += claim - line.counted;
        line.counted = claim;
        int covered = Math.min(claim, line.reported);
        granted += covered - line.covered;
        line.covered = covered;
        if (claim < line.reported) {
            markDirty(line);
        }
    }

    /** F6: what the ledger must have for the session. What it holds beyond its grants is not there. */
    long granted() {
        return granted;
    }

    /** The process keeps nothing. */
    boolean isEmpty() {
        return claimed == 0;
    }

    // ---- which are news

    void markDirty(Line<E> line) {
        line.dirty = true;
        dirty.add(line);
    }

    /** The next call names it, whatever its numbers are. */
    void markDue(Line<E> line) {
        line.due = true;
        markDirty(line);
    }

    void clean(Line<E> line) {
        line.dirty = false;
        dirty.remove(line);
    }

    boolean hasNews() {
        return !dirty.isEmpty();
    }

    List<Line<E>> news() {
        return new ArrayList<>(dirty);
    }

    // ---- which want more, and which have too much

    void updateStarving(Line<E> line) {
        if (line.isStarving()) {
            starving.add(line);
        } else {
            starving.remove(line);
        }
    }

    List<Line<E>> starving() {
        return List.copyOf(starving);
    }

    void press(Line<E> line) {
        pressed.add(line);
    }

    void unpress(Line<E> line) {
        pressed.remove(line);
    }

    List<Line<E>> pressed() {
        return List.copyOf(pressed);
    }

    boolean hasPressed() {
        return !pressed.isEmpty();
    }
}
