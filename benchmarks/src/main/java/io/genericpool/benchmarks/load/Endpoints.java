package io.genericpool.benchmarks.load;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Random;

/** Names of endpoints in the order in which they are visited: shuffled, and the same in each run. */
public final class Endpoints {
    private static final long SEED = 20261121L;

    private Endpoints() {}

    public static String[] shuffled(int count) {
        var names = new ArrayList<String>(count);
        for (int i = 0; i < count; i++) {
            names.add("wss://host-" + i + ".example:443");
        }
        Collections.shuffle(names, new Random(SEED));
        return names.toArray(new String[0]);
    }
}
