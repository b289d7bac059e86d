package io.genericpool.testkit;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Defines how a {@link ScriptedManager} behaves at the next calls of one kind, to one endpoint or to all. Any thread
 * may change a script at any time. A call reads it once, when it starts.
 */
public final class Script {
    private final Queue<Behaviour> next = new ArrayDeque<>();
    private @Nullable Behaviour always;

    Script() {}

    /**
     * Adds behaviours for the next calls, one call each, after those already added.
     *
     * @param behaviours one behaviour per call
     * @return this
     * @throws NullPointerException when one is null; then none is added
     */
    public synchronized Script next(Behaviour... behaviours) {
        for (int i = 0; i < behaviours.length; i++) {
            int number = i;
            Objects.requireNonNull(behaviours[i], () -> "behaviour " + number);
        }
        Collections.addAll(next, behaviours);
        return this;
    }

    /**
     * Sets the behaviour of calls without an added behaviour.
     *
     * @param behaviour the behaviour of any number of calls
     * @return this
     * @throws NullPointerException when the behaviour is null; use {@link #reset} to remove one
     */
    public synchronized Script always(Behaviour behaviour) {
        always = Objects.requireNonNull(behaviour, "behaviour");
        return this;
    }

    /**
     * Removes all behaviours from the script.
     *
     * @return this
     */
    public synchronized Script reset() {
        next.clear();
        always = null;
        return this;
    }

    /** The behaviour of a call that begins now, or null when nothing was said. */
    synchronized @Nullable Behaviour take() {
        var behaviour = next.poll();
        return behaviour == null ? always : behaviour;
    }
}
