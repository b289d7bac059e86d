package io.genericpool.core.internal.circuit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The circuits of endpoints that fail: a bounded number. When there is no room for another one, the circuit is dropped
 * that has failed least, and of equals the one that has failed longest ago. So endpoints that fail once, however many, do
 * not push out one that fails again and again. Guarded by the lock of the governor.
 */
public final class FailingCircuits {
    private final int most;
    private final HashMap<Object, Circuit> all = new HashMap<>();
    /** The same by {@link Circuit#rank()}; in each, those that failed last come last. */
    private final List<LinkedHashMap<Object, Circuit>> ranks = new ArrayList<>(Circuit.RANKS);

    /**
     * Makes an empty set of circuits.
     *
     * @param most so many are kept
     */
    public FailingCircuits(int most) {
        this.most = most;
        for (int i = 0; i < Circuit.RANKS; i++) {
            ranks.add(new LinkedHashMap<>());
        }
    }

    /**
     * Finds a circuit.
     *
     * @param endpoint the endpoint
     * @return null when nothing bad is known of it
     */
    public @Nullable Circuit get(Object endpoint) {
        return all.get(endpoint);
    }

    /**
     * Takes a circuit out. Its rank may change only while it is out.
     *
     * @param endpoint the endpoint
     * @return null when there was none
     */
    public @Nullable Circuit remove(Object endpoint) {
        Circuit circuit = all.remove(endpoint);
        if (circuit != null) {
            ranks.get(circuit.rank()).remove(endpoint);
        }
        return circuit;
    }

    /**
     * Puts a circuit in that has just failed.
     *
     * @param endpoint the endpoint, which has none in here
     * @param circuit its circuit
     */
    public void put(Object endpoint, Circuit circuit) {
        all.put(endpoint, circuit);
        ranks.get(circuit.rank()).put(endpoint, circuit);
    }

    /**
     * Makes room for one more.
     *
     * @param now the time
     * @param retention how long after its pause a circuit is kept without a request
     * @param dropped is told of each circuit that goes
     */
    public void makeRoom(long now, long retention, BiConsumer<Object, Circuit> dropped) {
        for (LinkedHashMap<Object, Circuit> rank : ranks) {
            while (dropEldest(rank, false, now, retention, dropped)) {
                // as long as the eldest is forgotten
            }
        }
        for (int rank = 0; all.size() >= most && rank < Circuit.RANKS; ) {
            if (!dropEldest(ranks.get(rank), true, now, retention, dropped)) {
                rank++;
            }
        }
    }

    private boolean dropEldest(
            Map<Object, Circuit> rank,
            boolean whatever,
            long now,
            long retention,
            BiConsumer<Object, Circuit> dropped) {
        Iterator<Map.Entry<Object, Circuit>> inOrder = rank.entrySet().iterator();
        if (!inOrder.hasNext()) {
            return false;
        }
        Map.Entry<Object, Circuit> eldest = inOrder.next();
        if (!whatever && !eldest.getValue().isForgotten(now, retention)) {
            return false;
        }
        Object endpoint = eldest.getKey();
        Circuit circuit = eldest.getValue();
        inOrder.remove();
        if (all.remove(endpoint, circuit)) {
            dropped.accept(endpoint, circuit);
        }
        return true;
    }

    /**
     * Takes all circuits out.
     *
     * @param dropped is told of each circuit that goes
     */
    public void clear(BiConsumer<Object, Circuit> dropped) {
        all.forEach(dropped);
        all.clear();
        ranks.forEach(LinkedHashMap::clear);
    }

    /**
     * How many there are.
     *
     * @return the number
     */
    public int size() {
        return all.size();
    }
}
