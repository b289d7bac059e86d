package io.genericpool.testkit;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

/** Collects what a pool did against the rules, with the stack of each. */
final class Violations {
    private final Queue<AssertionError> found = new ConcurrentLinkedQueue<>();

    void add(String what) {
        found.add(new AssertionError(what + " [thread " + Thread.currentThread().getName() + "]"));
    }

    List<String> messages() {
        return found.stream().map(each -> String.valueOf(each.getMessage())).collect(Collectors.toUnmodifiableList());
    }

    void assertNone() {
        if (!found.isEmpty()) {
            var error = new AssertionError(found.size() + " violations:\n" + String.join("\n", messages()));
            found.forEach(error::addSuppressed);
            throw error;
        }
    }
}
