package io.genericpool.core.fault;

import io.genericpool.DisposeReason;
import io.genericpool.spi.AsyncConnectionManager;
import io.genericpool.spi.ConnectionManager;
import io.genericpool.spi.ConnectionSignals;
import io.genericpool.spi.LeaseScope;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** What a scenario connects to: counts its connections itself, and answers as it is told. */
final class FaultServer {
    /** How the next call is answered. */
    enum Answer {
        WELL,
        FAIL,
        HANG
    }

    final Set<Object> open = new HashSet<>();
    final List<String> wrong = new ArrayList<>();
    private final Queue<Answer> connects = new ArrayDeque<>();
    private final Queue<Answer> checks = new ArrayDeque<>();
    private final Queue<Answer> resets = new ArrayDeque<>();
    private final List<Runnable> late = new ArrayList<>();
    private ConnectionSignals lastBound = new Nothing();

    /** Signals of no connection. */
    private static final class Nothing implements ConnectionSignals {
        @Override
        public void dead(Throwable cause) {}

        @Override
        public void retire() {}
    }

    void nextConnect(Answer answer) {
        connects.add(answer);
    }

    void nextCheck(Answer answer) {
        checks.add(answer);
    }

    void nextReset(Answer answer) {
        resets.add(answer);
    }

    ConnectionSignals lastBound() {
        return lastBound;
    }

    /** All answers are good from now on, and those that were held back are given. */
    void recover() {
        connects.clear();
        checks.clear();
        resets.clear();
        var answers = List.copyOf(late);
        late.clear();
        answers.forEach(Runnable::run);
    }

    private static Answer next(Queue<Answer> answers) {
        Answer next = answers.poll();
        return next == null ? Answer.WELL : next;
    }

    private Object opened() {
        var connection = new Object();
        open.add(connection);
        return connection;
    }

    private void closed(Object connection) {
        if (!open.remove(connection)) {
            wrong.add("a connection was disposed twice");
        }
    }

    /** A manager without any hook: releases are plain. */
    ConnectionManager<String, Object> plain() {
        return new ConnectionManager<>() {
            @Override
            public Object create(String endpoint, Duration timeout) throws Exception {
                if (next(connects) == Answer.FAIL) {
                    throw new IOException("the server refuses");
                }
                return opened();
            }

            @Override
            public void dispose(String endpoint, Object connection, Duration timeout) {
                closed(connection);
            }
        };
    }

    /** A manager with every hook, and stages for all that may take time. */
    ConnectionManager<String, Object> full() {
        return new Full();
    }

    private final class Full implements AsyncConnectionManager<String, Object> {
        @Override
        public CompletionStage<Object> createAsync(String endpoint, Duration timeout) {
            return staged(next(connects), () -> opened());
        }

        @Override
        public CompletionStage<Boolean> checkAlivenessAsync(String endpoint, Object connection, Duration timeout) {
            return staged(next(checks), () -> true);
        }

        @Override
        public CompletionStage<?> disposeAsync(
                String endpoint, Object connection, DisposeReason reason, Duration timeout) {
            return staged(Answer.WELL, () -> {
                closed(connection);
                return connection;
            });
        }

        @Override
        public CompletionStage<?> resetAsync(String endpoint, Object connection) {
            return staged(next(resets), () -> connection);
        }

        @Override
        public void onRelease(String endpoint, Object connection) {}

        @Override
        public boolean isFatal(String endpoint, Object connection, Throwable failure) {
            return failure instanceof IOException;
        }

        @Override
        public Object lend(String endpoint, Object connection, LeaseScope scope) {
            scope.onEnd(() -> {});
            return connection;
        }

        @Override
        public void bind(String endpoint, Object connection, ConnectionSignals signals) {
            lastBound = signals;
        }

        private <T> CompletionStage<T> staged(Answer answer, Supplier<T> result) {
            var stage = new CompletableFuture<T>();
            switch (answer) {
                case WELL -> stage.complete(result.get());
                case FAIL -> stage.completeExceptionally(new IOException("the server refuses"));
                default -> {
                    // It cannot be cancelled, and answers late.
                    var stubborn = new CompletableFuture<T>();
                    late.add(() -> stubborn.complete(result.get()));
                    return stubborn.minimalCompletionStage();
                }
            }
            return stage;
        }
    }
}
