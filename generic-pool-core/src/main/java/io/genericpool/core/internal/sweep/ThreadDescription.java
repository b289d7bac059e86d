package io.genericpool.core.internal.sweep;

import io.genericpool.support.SafeText;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Who holds leases, as far as that can be said of the numbers of threads. */
final class ThreadDescription {
    private static final int FRAMES = 8;

    private final Map<Long, String> descriptions = new HashMap<>();

    /**
     * Looks for platform threads with some numbers. Slow: it stops all threads of the JVM for one dump, however many numbers
     * there are; with none it makes no dump.
     */
    ThreadDescription(long... threadIds) {
        if (threadIds.length == 0) {
            return;
        }
        long[] sorted = threadIds.clone();
        Arrays.sort(sorted);
        Thread.getAllStackTraces().forEach((thread, frames) -> {
            if (Arrays.binarySearch(sorted, thread.getId()) >= 0) {
                descriptions.put(thread.getId(), describe(thread, frames));
            }
        });
        for (long threadId : threadIds) {
            descriptions.putIfAbsent(threadId, "thread number " + threadId + ", which has ended or is virtual");
        }
    }

    private static String describe(Thread thread, StackTraceElement[] frames) {
        var text = new StringBuilder("thread ").append(SafeText.label(thread.getName()));
        for (int i = 0; i < Math.min(FRAMES, frames.length); i++) {
            text.append(i == 0 ? ", which is now at " : " < ").append(frames[i]);
        }
        return text.toString();
    }

    /** The name of a thread and where it is now; only its number when it was not looked for. */
    String describe(long threadId) {
        return descriptions.getOrDefault(threadId, "thread number " + threadId);
    }
}
