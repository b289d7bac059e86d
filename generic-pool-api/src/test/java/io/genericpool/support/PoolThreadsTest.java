package io.genericpool.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs on every JDK that the build is tested on: the rule is the same. */
@Timeout(30)
class PoolThreadsTest {
    private static final InheritableThreadLocal<String> TENANT = new InheritableThreadLocal<>();

    enum Kind {
        NAMED(() -> PoolThreads.named("x")),
        DAEMONS(() -> PoolThreads.daemons("x-")),
        VIRTUALS(() -> PoolThreads.virtuals("x-"));

        private final Supplier<ThreadFactory> maker;

        Kind(Supplier<ThreadFactory> maker) {
            this.maker = maker;
        }

        ThreadFactory make() {
            if (this == VIRTUALS) {
                assumeThat(Runtime.version().feature()).isGreaterThanOrEqualTo(21);
            }
            return maker.get();
        }
    }

    /** What a thread of ours sees. */
    private static final class Seen {
        final String tenant = TENANT.get();
        final ClassLoader contextLoader = Thread.currentThread().getContextClassLoader();
        final int priority = Thread.currentThread().getPriority();
        final boolean daemon = Thread.currentThread().isDaemon();
        final boolean interrupted = Thread.currentThread().isInterrupted();
        final String name = Thread.currentThread().getName();
        final ThreadGroup group = Thread.currentThread().getThreadGroup();
    }

    private static Seen seenBy(ThreadFactory factory) throws Exception {
        var seen = new CompletableFuture<Seen>();
        factory.newThread(() -> seen.complete(new Seen())).start();
        return seen.get(20, TimeUnit.SECONDS);
    }

    /** Has the factory make its thread on a thread that has much to inherit. */
    private static Seen seenWhenABorrowerStartsIt(ThreadFactory factory) throws Exception {
        var result = new CompletableFuture<Seen>();
        var group = new ThreadGroup("the borrower's");
        var borrower = new Thread(group, () -> {
            TENANT.set("the first borrower");
            Thread.currentThread().setContextClassLoader(new ClassLoader("the borrower's", null) {});
            Thread.currentThread().setPriority(Thread.MIN_PRIORITY);
            try {
                result.complete(seenBy(factory));
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        borrower.start();
        return result.get(20, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @EnumSource
    void threadsInheritNothingOfTheOneThatStartsThem(Kind kind) throws Exception {
        Seen seen = seenWhenABorrowerStartsIt(kind.make());
        assertThat(seen.tenant).isNull();
        assertThat(seen.priority).isEqualTo(Thread.NORM_PRIORITY);
        assertThat(seen.daemon).isTrue();
        assertThat(seen.interrupted).isFalse();
        assertThat(seen.group.getName()).isNotEqualTo("the borrower's");
        assertThat(seen.name).startsWith("x");
    }

    @ParameterizedTest
    @EnumSource
    void theirContextClassLoaderIsThatOfTheThreadThatMadeTheFactory(Kind kind) throws Exception {
        Thread current = Thread.currentThread();
        ClassLoader before = current.getContextClassLoader();
        var builders = new ClassLoader("the builder's", null) {};
        ThreadFactory factory;
        current.setContextClassLoader(builders);
        try {
            factory = kind.make();
        } finally {
            current.setContextClassLoader(before);
        }
        assertThat(seenBy(factory).contextLoader).isSameAs(builders);
        assertThat(seenWhenABorrowerStartsIt(factory).contextLoader).isSameAs(builders);
    }

    @Test
    void executorsUseSuchThreads() throws Exception {
        for (boolean virtual : new boolean[] {false, PoolThreads.HAS_UNPINNED_VIRTUAL}) {
            var executor = PoolThreads.newExecutor("y-", virtual, 1);
            try {
                var seen = new CompletableFuture<Seen>();
                TENANT.set("the first borrower");
                executor.execute(() -> seen.complete(new Seen()));
                assertThat(seen.get(20, TimeUnit.SECONDS).tenant).isNull();
                assertThat(seen.get().name).isEqualTo("y-1");
            } finally {
                TENANT.remove();
                executor.shutdown();
            }
        }
    }
}
