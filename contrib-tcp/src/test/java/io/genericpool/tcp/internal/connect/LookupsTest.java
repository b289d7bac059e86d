package io.genericpool.tcp.internal.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.testkit.FakePoolClock;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** Each task is a thread that asks the resolver when the test runs it; one that is not run is a lookup that is stuck. */
class LookupsTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final InetAddress ADDRESS = InetAddress.getLoopbackAddress();

    private final FakePoolClock clock = new FakePoolClock();
    private final Queue<Runnable> threads = new ArrayDeque<>();
    private final Lookups lookups = new Lookups(host -> List.of(ADDRESS), threads::add, clock);

    private CompletableFuture<List<InetAddress>> lookUp() {
        return lookups.lookUp("db.example", SECOND);
    }

    @Test
    void callersAtOnceShareALookupAndLaterOnesDoNot() {
        var first = lookUp();
        var second = lookUp();
        assertThat(threads).hasSize(1);
        threads.remove().run();
        assertThat(first).isCompletedWithValue(List.of(ADDRESS));
        assertThat(second).isCompletedWithValue(List.of(ADDRESS));
        assertThat(lookUp()).isNotDone();
        assertThat(threads).hasSize(1);
    }

    @Test
    void aStuckLookupIsFollowedByAnotherOneAfterTheTimeOfAConnect() {
        var stuck = lookUp();
        clock.advance(Duration.ofNanos(SECOND - 1));
        lookUp();
        assertThat(threads).hasSize(1);
        clock.advance(Duration.ofNanos(1));
        var later = lookUp();
        assertThat(threads).hasSize(2);
        threads.remove(); // it never returns
        threads.remove().run();
        assertThat(later).isCompletedWithValue(List.of(ADDRESS));
        assertThat(stuck).isCompletedWithValue(List.of(ADDRESS));
    }

    @Test
    void stuckLookupsHoldFewThreadsAndTheirNumberStaysKnown() {
        for (int i = 0; i < 20; i++) {
            lookUp();
            clock.advance(Duration.ofNanos(SECOND));
        }
        assertThat(threads).hasSize(Lookups.MAX_RUNNING);
        // One of them returns after all: its thread may be used again, the others' not.
        threads.remove().run();
        lookUp();
        clock.advance(Duration.ofNanos(SECOND));
        lookUp();
        assertThat(threads).hasSize(Lookups.MAX_RUNNING);
    }

    @Test
    void anAnswerThatComesLateIsGivenToThoseWhoWait() {
        for (int i = 0; i < Lookups.MAX_RUNNING; i++) {
            lookUp();
            clock.advance(Duration.ofNanos(SECOND));
        }
        var waiting = lookUp();
        threads.remove().run();
        assertThat(waiting).isCompletedWithValue(List.of(ADDRESS));
        var after = lookUp();
        assertThat(after).isNotDone();
        threads.remove().run();
        assertThat(after).isCompletedWithValue(List.of(ADDRESS));
    }

    @Test
    void aLookupThatIsCancelledHarmsNobody() {
        var given = lookUp();
        var other = lookUp();
        given.cancel(true);
        threads.remove().run();
        assertThat(other).isCompletedWithValue(List.of(ADDRESS));
    }

    @Test
    void aResolverThatReturnsNullIsNamed() {
        for (List<InetAddress> wrong : Arrays.asList(null, Arrays.asList(ADDRESS, null))) {
            var direct = new Lookups(host -> wrong, Runnable::run, clock);
            assertThatThrownBy(() -> direct.lookUp("db.example", SECOND).join())
                    .hasMessageContaining("the resolver returned null")
                    .hasMessageContaining("db.example");
        }
    }

    @Test
    void aRefusedThreadFailsThoseWhoWaitAndIsNotCounted() {
        var refusing = new Lookups(
                host -> List.of(ADDRESS),
                task -> {
                    throw new RejectedExecutionException("full");
                },
                clock);
        for (int i = 0; i < 2 * Lookups.MAX_RUNNING; i++) {
            assertThatThrownBy(() -> refusing.lookUp("db.example", SECOND).join())
                    .hasMessageContaining("full");
        }
    }

    @Test
    void anAddressOfAnInterfaceThatIsNotHereIsAnUnknownHost() {
        assertThatThrownBy(() -> lookups.lookUp("fe80::1%nowhere", SECOND).join())
                .hasCauseInstanceOf(UnknownHostException.class)
                .hasMessageContaining("nowhere");
    }
}
