package io.genericpool.replay.internal.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.genericpool.core.ConnectionPools;
import io.genericpool.replay.PoolRecorder;
import io.genericpool.testkit.FakeConnection;
import io.genericpool.testkit.ScriptedManager;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the command prints, and the code it ends with. */
@Timeout(60)
class ReplayCommandTest {
    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path trace;

    @BeforeEach
    void record() {
        PoolRecorder<String> recorder =
                PoolRecorder.builder(folder.resolve("traces")).build();
        try (recorder;
                var pool = ConnectionPools.<String, FakeConnection<String>>builder(ScriptedManager.plain())
                        .name("<orders> & more")
                        .maxSize(6)
                        .totalMaxSize(12)
                        .listener(recorder)
                        .build()) {
            recorder.start(pool);
            for (int i = 0; i < 50; i++) {
                pool.connection("e").release();
            }
        }
        trace = recorder.files().get(0);
    }

    private int run(Object... args) {
        return ReplayCommand.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(Arrays.stream(args).map(Object::toString).toArray(String[]::new));
    }

    private void assertRefused(String why, Object... args) {
        assertThat(run(args)).as("exit code").isEqualTo(2);
        assertThat(err.toString()).contains(why).doesNotContain("\tat ");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aTableIsPrinted() {
        assertThat(run(trace, "--max-size", "1,2,4", "--goal", "p99=10s")).isZero();
        assertThat(out.toString())
                .contains("pool <orders> & more: 50 acquires at 1 endpoints")
                .contains("recorded with maxSize=6, totalMaxSize=12")
                .contains("  50 % ")
                .contains(" agree")
                .contains("goal: 99 % of waits within 10 s")
                .contains("<- recommended")
                .contains("by maxSize=1, totalMaxSize=12, minIdle=0: 1 open at most")
                .contains("more connections than maxSize=1 help no more");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void withoutSizesTheyAreSearched() throws Exception {
        Path svg = folder.resolve("waits.svg");
        assertThat(run(folder.resolve("traces"), "--goal", "p50=10s", "--svg", svg))
                .isZero();
        assertThat(out.toString()).contains("<- recommended");
        String picture = Files.readString(svg);
        assertThat(picture).contains("&lt;orders&gt; &amp; more", "99 % of waits", "maxSize, connections per endpoint");
        assertThat(DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(svg.toFile())
                        .getDocumentElement()
                        .getTagName())
                .isEqualTo("svg");
    }

    @Test
    void machinesGetJson() throws IOException {
        assertThat(run(
                        trace,
                        "--json",
                        "--max-size=2,3",
                        "--min-idle=0,1",
                        "--total-max-size=9",
                        "--acquire-timeout=1s,500ms",
                        "--idle-timeout=1min",
                        "--goal=p99=10s"))
                .isZero();
        JsonNode json = new ObjectMapper().readTree(out.toString());
        assertThat(json.get("pool").asText()).isEqualTo("<orders> & more");
        assertThat(json.get("acquires").asInt()).isEqualTo(50);
        assertThat(json.get("agreement")).hasSize(3);
        assertThat(json.get("results")).hasSize(2 * 2 * 2);
        assertThat(json.get("recommended").get("knobs").get("totalMaxSize").asInt())
                .isEqualTo(9);
        assertThat(json.get("recommended").get("knobs").get("idleTimeoutNanos").asLong())
                .isEqualTo(60_000_000_000L);
        assertThat(json.get("recommended").get("waitNanos").get("99").asLong()).isNotNegative();
        assertThat(json.get("recordedKnobs").get("maxSize").asInt()).isEqualTo(6);
    }

    @Test
    void aGoalThatIsMissedEndsWithOne() throws IOException {
        Path slow = folder.resolve("slow");
        PoolRecorder<String> recorder = PoolRecorder.builder(slow).build();
        try (recorder;
                var pool = ConnectionPools.<String, FakeConnection<String>>builder(ScriptedManager.plain())
                        .maxSize(1)
                        .listener(recorder)
                        .build()) {
            recorder.start(pool);
            var lease = pool.connection("e");
            var waiting = pool.connectionAsync("e");
            lease.release();
            waiting.orTimeout(20, TimeUnit.SECONDS).join().release();
        }
        assertThat(run(slow, "--max-size=1", "--goal=p100=0us", "--json")).isEqualTo(1);
        assertThat(new ObjectMapper()
                        .readTree(out.toString())
                        .get("recommended")
                        .isNull())
                .isTrue();
    }

    @Test
    void badInputIsRefusedWithAReason() throws IOException {
        Path cut = folder.resolve("cut");
        byte[] bytes = Files.readAllBytes(trace);
        Files.write(cut, Arrays.copyOf(bytes, bytes.length - 3));
        assertRefused("cut is truncated", cut);
        assertThat(run(cut, "--partial", "--goal=p50=10s")).isZero();
    }

    @Test
    void contradictionsAreRefused() {
        assertRefused(
                "maxSize must be at most totalMaxSize (3), but is 4", trace, "--max-size=4", "--total-max-size=3");
    }

    @Test
    void moreContradictionsAreRefused() {
        assertRefused("minIdle must be at most maxSize (2), but is 3", trace, "--max-size=2", "--min-idle=3");
    }

    @Test
    void zeroConnectionsAreRefused() {
        assertRefused("maxSize must be at least 1, but is 0", trace, "--max-size=0");
    }

    @Test
    void whatIsNoGoalIsRefused() {
        assertRefused("a goal is written like p99=20ms, but this is fast", trace, "--goal=fast");
    }

    @Test
    void whatIsNoTimeIsRefused() {
        assertRefused("a time is written like 500ms", trace, "--idle-timeout=7");
    }

    @Test
    void anUnknownOptionIsRefused() {
        assertRefused("Unknown option: '--size=4'", trace, "--size=4");
    }

    @Test
    void aMissingFileIsRefused() {
        assertRefused("there is no file", folder.resolve("none"));
    }

    @Test
    void aPictureThatCannotBeWrittenIsNoMissedGoal() {
        Path svg = folder.resolve("none").resolve("waits.svg");
        assertThat(run(trace, "--max-size=1", "--goal=p50=10s", "--svg", svg)).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("replay: " + svg + " cannot be written: ")
                .doesNotContain("\tat ");
    }

    @Test
    void aFaultHasACodeOfItsOwn() {
        for (Throwable fault : List.of(new IllegalStateException("fault"), new AssertionError("fault"))) {
            var broken = new PrintWriter(new Writer() {
                @Override
                public void write(char[] text, int from, int length) {
                    if (fault instanceof Error error) {
                        throw error;
                    }
                    throw (RuntimeException) fault;
                }

                @Override
                public void flush() {}

                @Override
                public void close() {}
            });
            var told = new StringWriter();
            int code = ReplayCommand.commandLine()
                    .setOut(broken)
                    .setErr(new PrintWriter(told))
                    .execute(trace.toString(), "--max-size=1", "--goal=p50=10s");
            assertThat(code).as(fault.toString()).isEqualTo(3);
            assertThat(told.toString()).contains("fault", "\tat ");
        }
    }

    @Test
    void moreIdleConnectionsThanWereRecordedNeedNoSize() throws IOException {
        assertThat(run(trace, "--min-idle=8", "--goal=p50=10s", "--json")).isZero();
        JsonNode knobs = new ObjectMapper()
                .readTree(out.toString())
                .get("results")
                .get(0)
                .get("knobs");
        assertThat(knobs.get("maxSize").asInt()).isEqualTo(8);
        assertThat(knobs.get("minIdle").asInt()).isEqualTo(8);
        assertRefusedWith("minIdle must be at most maxSize (5), but is 8", "--min-idle=8", "--total-max-size=5");
    }

    private void assertRefusedWith(String why, String... options) {
        out.getBuffer().setLength(0);
        assertRefused(why, trace, options[0], options[1]);
    }

    @Test
    void helpNamesEveryOption() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("--goal", "--max-size", "--closed-loop", "--json", "--svg", "Exit codes:");
    }
}
