package io.genericpool.core.internal;

import io.genericpool.support.SafeText;

/** Who holds a lease, as far as that can be said of a thread's number. */
final class Holders {
    private static final int FRAMES = 8;

    private Holders() {}

    /** Looks for a platform thread with this number; slow, for reports of leaks only. */
    static String describe(long threadId) {
        for (var entry : Thread.getAllStackTraces().entrySet()) {
            Thread thread = entry.getKey();
            if (thread.getId() == threadId) {
                var text = new StringBuilder("thread ").append(SafeText.label(thread.getName()));
                StackTraceElement[] frames = entry.getValue();
                for (int i = 0; i < Math.min(FRAMES, frames.length); i++) {
                    text.append(i == 0 ? ", which is now at " : " < ").append(frames[i]);
                }
                return text.toString();
            }
        }
        return "thread number " + threadId + ", which has ended or is virtual";
    }
}
