package io.genericpool.testkit;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link ScriptedManager} does at the next calls of one kind, to one endpoint or to all. May be changed at any
 * time, from any thread; a call looks at it once, when it begins.
 */
public final class Script {
    private final Queue<Behaviour> next = new ArrayDeque<>();
    private @Nullable Behaviour always;

    Script() {}

    /**
     * Says how the next calls go, after those said before: one call each.
     *
     * @param behaviours one a call
     * @return this
     * @throws NullPointerException when one is null; none of them is taken then
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
     * Says how calls go for which nothing else was said.
     *
     * @param behaviour for any number of calls
     * @return this
     * @throws NullPointerException when the behaviour is null; {@link #reset} forgets what was said
     */
    public synchronized Script always(Behaviour behaviour) {
        always = Objects.requireNonNull(behaviour, "behaviour");
        return this;
    }

    /**
     * Forgets all that was said.
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
