package io.genericpool.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BadInputTest {
    private final FleetWorld world = new FleetWorld();

    private FleetLimitsBuilder<String> limits() {
        return world.limits(10);
    }

    @Test
    void aLeaseIsAtLeastThreeHeartbeats() {
        assertThatThrownBy(() -> limits().lease(Duration.ofSeconds(10))
                        .heartbeat(Duration.ofSeconds(4))
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("lease must be at least three heartbeats of 4 s, but is 10 s");
        limits().lease(Duration.ofSeconds(12)).heartbeat(Duration.ofSeconds(4)).build();
    }

    @Test
    void timesHaveBounds() {
        assertThatThrownBy(() -> limits().heartbeat(Duration.ofMillis(1)).build())
                .hasMessageContaining("heartbeat must be 10 ms to")
                .hasMessageContaining("but is 1 ms");
        assertThatThrownBy(() -> limits().gather(Duration.ZERO).build())
                .hasMessageContaining("gather must be 1 ms to 5 s, but is 0 ms");
        assertThatThrownBy(() -> limits().gather(Duration.ofSeconds(6)).build())
                .hasMessageContaining("gather must be 1 ms to 5 s, but is 6 s");
        assertThatThrownBy(() -> limits().grace(Duration.ofSeconds(-1)).build())
                .hasMessageContaining("grace must be 0 ms to");
        assertThatThrownBy(() -> limits().lease(Duration.ofDays(2)).build())
                .hasMessageContaining("lease must be 30 ms to 1 d, but is 2 d");
    }

    @Test
    void capsAreAtLeastOne() {
        assertThatThrownBy(() -> limits().totalCap(0)).hasMessage("totalCap must be at least 1, but is 0");
        assertThatThrownBy(() -> limits().capVersion(-1)).hasMessage("capVersion must be at least 0, but is -1");
        assertThatThrownBy(() -> WhenUnreachable.safe(0)).hasMessageContaining("at least 1, but is 0");
        var member = world.join(limits().cap(endpoint -> endpoint.equals("bad") ? 0 : 5));
        var bad = member.ask("bad");
        var good = member.ask("good");
        world.gather();
        assertThat(bad).isNotDone();
        assertThat(good).as("another endpoint is not harmed").isDone();
    }

    @Test
    void aNameAndACapAreNeeded() {
        assertThatThrownBy(() ->
                        FleetLimits.<String>builder(world.engine).cap(e -> 1).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("name is missing");
        assertThatThrownBy(() ->
                        FleetLimits.<String>builder(world.engine).name("x").build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("cap and totalCap are both missing");
        assertThatThrownBy(() -> limits().name(" ")).hasMessageContaining("name must not be blank");
    }

    @Test
    void twoEndpointsOfOneKeyAreNotMixedUp() {
        var member = world.join(limits().key(endpoint -> "same"));
        var first = member.ask("one");
        var second = member.ask("two");
        world.gather();
        assertThat(first).isDone();
        assertThat(second).as("it has no share").isNotDone();
        first.join().release();
    }

    @Test
    void aRuleSaysWhatItIs() {
        assertThat(WhenUnreachable.KEEP).hasToString("KEEP");
        assertThat(WhenUnreachable.NONE).hasToString("NONE");
        assertThat(WhenUnreachable.safe(3)).hasToString("SAFE(3)");
        assertThat(limits().build()).hasToString("limits of fleet 'fleet'");
    }
}
