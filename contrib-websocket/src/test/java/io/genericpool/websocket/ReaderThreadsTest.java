package io.genericpool.websocket;

import static io.genericpool.websocket.Managed.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which threads read sockets. */
@Timeout(60)
class ReaderThreadsTest {
    private static final String NAME = "reader-test";

    private final WebSocketConnectionManagerBuilder builder =
            WebSocketConnectionManager.builder().name(NAME);

    /** The thread that a message is read by. */
    private Thread reader() throws Exception {
        var reader = new CompletableFuture<Thread>();
        builder.retireOn(message -> {
            reader.complete(Thread.currentThread());
            return false;
        });
        try (var server = EchoServer.start();
                var manager = builder.build()) {
            var connection = manager.create(server.endpoint("/a"), SOON);
            connection.send("x");
            connection.receive(SOON);
            return reader.get(30, TimeUnit.SECONDS);
        } finally {
            ThreadsLeft.awaitNone(NAME);
        }
    }

    /** By its type's name, as the tests are compiled for Java 17. */
    private static boolean isVirtual(Thread thread) {
        return thread.getClass().getName().equals("java.lang.VirtualThread");
    }

    @Test
    void areVirtualWhereThatIsGood() throws Exception {
        assertThat(isVirtual(reader())).isEqualTo(Runtime.version().feature() >= 24);
    }

    @Test
    void arePlatformThreadsWhenTheBuilderSaysSo() throws Exception {
        builder.virtualThreads(false);
        assertThat(isVirtual(reader())).isFalse();
    }

    private static final InheritableThreadLocal<String> VARIABLE = new InheritableThreadLocal<>();

    /** What a thread of the manager has of the thread that was first to need it. */
    private List<Object> inherited() throws Exception {
        var reader = new CompletableFuture<List<Object>>();
        builder.retireOn(message -> {
            reader.complete(Arrays.asList(VARIABLE.get(), Thread.currentThread().getContextClassLoader()));
            return false;
        });
        var before = Thread.currentThread().getContextClassLoader();
        try (var server = EchoServer.start();
                var manager = builder.build();
                var borrower = new URLClassLoader(new URL[0], before)) {
            Thread.currentThread().setContextClassLoader(borrower);
            VARIABLE.set("of the first borrower");
            var connection = manager.create(server.endpoint("/a"), SOON);
            connection.send("x");
            connection.receive(SOON);
            return reader.get(30, TimeUnit.SECONDS);
        } finally {
            VARIABLE.remove();
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    @Test
    void inheritNothingOfTheFirstBorrower() throws Exception {
        assertThat(inherited()).containsExactly(null, Thread.currentThread().getContextClassLoader());
    }

    @Test
    void inheritNothingOfTheFirstBorrowerWhenTheyArePlatformThreads() throws Exception {
        builder.virtualThreads(false);
        assertThat(inherited()).containsExactly(null, Thread.currentThread().getContextClassLoader());
    }

    @Test
    void areRefusedToBeVirtualWhereThatIsNotGood() {
        if (Runtime.version().feature() < 24) {
            assertThatThrownBy(() -> builder.virtualThreads(true))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("virtualThreads must be false");
        } else {
            assertThat(builder.virtualThreads(true)).isSameAs(builder);
        }
    }
}
