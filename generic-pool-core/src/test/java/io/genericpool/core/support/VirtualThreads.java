package io.genericpool.core.support;

import java.util.concurrent.ThreadFactory;

/** Virtual threads where the JDK has them and nothing pins them any more (JEP 491); by reflection, for Java 17. */
public final class VirtualThreads {
    /** The first JDK on which a virtual thread that waits inside {@code synchronized} does not pin its carrier. */
    private static final int UNPINNED = 24;

    private VirtualThreads() {}

    public static boolean areUnpinned() {
        return Runtime.version().feature() >= UNPINNED;
    }

    public static ThreadFactory factory() {
        try {
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            return (ThreadFactory) Class.forName("java.lang.Thread$Builder")
                    .getMethod("factory")
                    .invoke(builder);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("this JDK has no virtual threads", e);
        }
    }
}
