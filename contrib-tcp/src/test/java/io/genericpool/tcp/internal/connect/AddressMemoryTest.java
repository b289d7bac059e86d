package io.genericpool.tcp.internal.connect;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.net.InetAddresses;
import io.genericpool.testkit.FakePoolClock;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressMemoryTest {
    private static final Duration AGE = Duration.ofMinutes(1);

    private final FakePoolClock clock = new FakePoolClock();
    private final AddressMemory memory = new AddressMemory(clock, AGE.toNanos());

    /** Letters are IPv6, digits IPv4. */
    private static Target target(String name) {
        String address = Character.isDigit(name.charAt(0)) ? "127.0.0." + name : "::" + name;
        return new Target(new InetSocketAddress(InetAddresses.forString(address), 80), false);
    }

    private static List<Target> targets(String names) {
        return Stream.of(names.split(" ", -1)).map(AddressMemoryTest::target).toList();
    }

    @ParameterizedTest
    @CsvSource({
        "1 2 3, 1 2 3",
        "a b, a b",
        "a b c 1 2, a 1 b 2 c",
        "1 2 a b, 1 a 2 b",
        "1 a, 1 a",
        "a 1 2 3 4, a 1 2 3 4"
    })
    void theFamiliesTakeTurns(String found, String ordered) {
        assertThat(memory.order(targets(found))).isEqualTo(targets(ordered));
    }

    @Test
    void whatFailedLatelyIsLastTheLongestAgoBeforeTheOthers() {
        memory.failed(target("a").address());
        clock.advance(Duration.ofSeconds(1));
        memory.failed(target("1").address());
        assertThat(memory.order(targets("a 1 b 2"))).isEqualTo(targets("b 2 a 1"));
        clock.advance(Duration.ofSeconds(1));
        memory.failed(target("a").address());
        assertThat(memory.order(targets("a 1 b 2"))).isEqualTo(targets("b 2 1 a"));
        clock.advance(AGE.minusSeconds(1));
        assertThat(memory.order(targets("a 1 b 2"))).isEqualTo(targets("1 b 2 a"));
        clock.advance(AGE);
        assertThat(memory.order(targets("a 1 b 2"))).isEqualTo(targets("a 1 b 2"));
    }

    @Test
    void whatConnectsIsForgiven() {
        memory.failed(target("1").address());
        assertThat(memory.order(targets("1 2"))).isEqualTo(targets("2 1"));
        memory.connected(target("1").address());
        assertThat(memory.order(targets("1 2"))).isEqualTo(targets("1 2"));
    }

    @Test
    void theMemoryIsBoundedAndForgetsTheOldestFirst() {
        for (int port = 1; port <= 3 * AddressMemory.CAPACITY; port++) {
            memory.failed(new InetSocketAddress(InetAddresses.forString("127.0.0.1"), port));
        }
        assertThat(memory.size()).isEqualTo(AddressMemory.CAPACITY);
        clock.advance(AGE);
        memory.failed(target("1").address());
        assertThat(memory.size()).isEqualTo(1);
    }

    @Test
    void aMemoryWithoutAgeRemembersNothing() {
        var none = new AddressMemory(clock, 0);
        none.failed(target("1").address());
        assertThat(none.order(targets("1 2"))).isEqualTo(targets("1 2"));
        assertThat(none.size()).isZero();
    }
}
