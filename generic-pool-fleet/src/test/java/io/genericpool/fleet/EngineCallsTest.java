package io.genericpool.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.fleet.FleetWorld.Member;
import io.genericpool.spi.shared.Batch;
import io.genericpool.spi.shared.FleetEngine;
import io.genericpool.spi.shared.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What the limits of a fleet cost in calls of the engine: one before the first connection, and none for those that are idle. */
class EngineCallsTest {
    private static final String A = "a";
    private static final String B = "b";
    /** Its calls would disturb the count. */
    private static final Duration HEARTBEAT = Duration.ofHours(1);

    private final FleetWorld world = new FleetWorld();
    private final Recorded calls = new Recorded(world.engine);
    private final Member member = world.join(
            FleetWorld.limits(calls, 10).lease(HEARTBEAT.multipliedBy(3)).heartbeat(HEARTBEAT));

    @Test
    void aSessionBeginsWithOneCallThatClaimsNothing() {
        assertThat(calls.batches).singleElement().satisfies(batch -> assertThat(batch.claims())
                .isEmpty());
    }

    @Test
    void theFirstConnectionToANewEndpointWaitsForOneCall() {
        calls.batches.clear();
        calls.hold();
        var request = member.ask(A);
        world.gather();
        assertThat(calls.batches).as("before the first connection").hasSize(1);
        assertThat(connects(A)).as("connects without a share").isZero();
        calls.answer();
        world.settle();
        assertThat(request).isCompleted();
        assertThat(connects(A)).isEqualTo(1);
        assertThat(calls.batches).singleElement().satisfies(batch -> assertThat(batch.claims())
                .extracting(String::valueOf)
                .containsExactly("'e:" + A + "': keeps 0 of 10, wants 1 and 0 more"));
        world.advance(Duration.ofSeconds(1));
        assertThat(calls.batches).as("one more confirms it").hasSize(2);
        request.join().release();
    }

    @Test
    void callersThatComeTogetherShareOneCall() {
        calls.batches.clear();
        var requests = member.ask(A, 4);
        requests.addAll(member.ask(B, 4));
        world.gather();
        assertThat(FleetWorld.granted(requests)).isEqualTo(8);
        assertThat(calls.batches).hasSize(1);
        FleetWorld.release(requests);
    }

    @Test
    void idleConnectionsAreLentWithoutACall() {
        var first = member.ask(A);
        world.gather();
        first.join().release();
        world.advance(Duration.ofSeconds(1)); // what it wants less of is told, once
        calls.batches.clear();
        calls.hold(); // an engine that does not answer holds up none of them
        for (int i = 0; i < 200; i++) {
            var request = member.ask(A);
            assertThat(request).as("handed out without a wait").isCompleted();
            world.advance(Duration.ofMillis(i)); // shorter and longer than calls are gathered
            request.join().release();
            world.advance(Duration.ofMillis(200 - i));
        }
        assertThat(calls.batches).as("it is wanted again, which is told once").hasSizeLessThanOrEqualTo(1);
    }

    private long connects(String endpoint) {
        return member.manager.server().open(endpoint);
    }

    /** An engine that remembers what it was told, and answers when the test lets it. */
    private static final class Recorded implements FleetEngine {
        final List<Batch> batches = new ArrayList<>();
        private final FleetEngine engine;
        private CompletableFuture<Object> answers = CompletableFuture.completedFuture("at once");

        Recorded(FleetEngine engine) {
            this.engine = engine;
        }

        void hold() {
            answers = new CompletableFuture<>();
        }

        void answer() {
            answers.complete("now");
        }

        @Override
        public CompletionStage<Reply> sync(Batch batch) {
            batches.add(batch);
            CompletionStage<Reply> reply = engine.sync(batch);
            return answers.thenCompose(now -> reply);
        }

        @Override
        public Subscription subscribe(String fleet, String session, HintListener listener) {
            return engine.subscribe(fleet, session, listener);
        }

        @Override
        public void close() {
            engine.close();
        }
    }
}
