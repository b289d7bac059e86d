package io.genericpool.benchmarks.load;

import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;

/** What callers run on. */
public enum CallerKind {
    PLATFORM("platform threads"),
    VIRTUAL("virtual threads"),
    ASYNC("futures");

    public final String label;

    CallerKind(String label) {
        this.label = label;
    }

    /** Those that this JDK has. */
    public static List<CallerKind> available() {
        var kinds = new ArrayList<>(List.of(values()));
        if (Runtime.version().feature() < 21) {
            kinds.remove(VIRTUAL);
        }
        return kinds;
    }

    /** Makes threads of this kind: virtual ones by reflection, as the bytecode is Java 17's. */
    public ThreadFactory threads() {
        return switch (this) {
            case PLATFORM ->
                task -> {
                    Thread thread = new Thread(task, "caller");
                    thread.setDaemon(true);
                    return thread;
                };
            case VIRTUAL -> virtualThreads();
            case ASYNC -> throw new IllegalStateException("futures need no threads of their own");
        };
    }

    private static ThreadFactory virtualThreads() {
        try {
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            return (ThreadFactory) Class.forName("java.lang.Thread$Builder")
                    .getMethod("factory")
                    .invoke(builder);
        } catch (NoSuchMethodException
                | ClassNotFoundException
                | IllegalAccessException
                | InvocationTargetException e) {
            throw new IllegalStateException("this JDK has no virtual threads", e);
        }
    }
}
