package io.genericpool.reliability.mutants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Bugs that pools have had, put back into a copy of core one at a time, and rules of groups and of shared limits, broken one
 * at a time: core's deterministic tests must catch each. The whole run takes minutes, and is made with {@code -Pmutants};
 * {@code -Dmutants=name,name} picks some. The ordinary run shows that all can still be put back, and that one is caught.
 */
@Timeout(value = 1, unit = TimeUnit.HOURS)
class HistoricalBugsTest {
    private static final Path MUTANTS = Path.of("src", "mutants");
    private static final String PICKED = System.getProperty("mutants", "");
    private static final String ALL = "all";

    /** The quick ones first. None of them depends on the speed of the machine or on a race. */
    private static final List<String> TESTS = List.of(
            "io.genericpool.core.regression.KnownDefectsTest",
            "io.genericpool.core.contract.EveryRuleTest",
            "io.genericpool.core.internal.call.BoundedCallTest",
            "io.genericpool.core.internal.slot.SlotTest",
            "io.genericpool.core.internal.queue.WaiterQueueTest",
            "io.genericpool.core.internal.LeaseFutureTest",
            "io.genericpool.core.misuse.BadManagerTest",
            "io.genericpool.core.config.BadInputTest",
            "io.genericpool.core.contract.EngineContractTest",
            "io.genericpool.core.regression.ReviewRegressionTest",
            "io.genericpool.core.contract.AsyncWaitersTest",
            "io.genericpool.core.internal.call.CallTurnsTest",
            "io.genericpool.core.bounds.ReservedTest",
            "io.genericpool.core.time.StoppedProcessTest",
            "io.genericpool.core.bounds.BacklogTest");

    private static final List<Mutant> ALL_MUTANTS = readAll();

    private static List<Mutant> readAll() {
        try {
            return Mutant.all(MUTANTS);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    static List<Mutant> mutants() {
        return ALL_MUTANTS;
    }

    @Test
    void thereAreAtLeastTwentyBugsEachOfItsOwn() {
        assertThat(mutants()).hasSizeGreaterThanOrEqualTo(20);
        var bugs = new HashSet<String>();
        mutants()
                .forEach(mutant ->
                        assertThat(bugs.add(mutant.bug)).as(mutant.bug).isTrue());
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void eachCanBePutIntoTheSourcesAsTheyAre(Mutant mutant) throws Exception {
        Map<String, String> sources = CoreUnderTest.sources();
        Map<String, String> mutated = new java.util.LinkedHashMap<>(sources);
        mutant.applyTo(mutated);
        assertThat(mutated).isNotEqualTo(sources);
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void theTestsThatMustNoticeItExist(Mutant mutant) {
        assertThat(mutant.tests)
                .allSatisfy(test -> assertThat(CoreUnderTest.sourceOfTest(test)).isRegularFile());
    }

    @Test
    void aBugThatDoesNotApplyAnyMoreSaysSo() throws Exception {
        var gone = Mutant.parse(
                "gone",
                List.of(
                        "bug: b",
                        "source: s",
                        "<<<< internal/slot/Slot.java",
                        "no such line",
                        "====",
                        "another",
                        ">>>>"));
        Map<String, String> sources = CoreUnderTest.sources();
        assertThatThrownBy(() -> gone.applyTo(sources))
                .hasMessageContaining("bug gone does not apply any more")
                .hasMessageContaining("no such line");
    }

    @Test
    void oneBugPutBackIsCaughtAndNoneIsNot(@TempDir Path directory) throws Exception {
        List<String> quick = List.of("io.genericpool.core.regression.KnownDefectsTest");
        var asItIs = new CoreUnderTest(Files.createDirectory(directory.resolve("none")));
        asItIs.compile(CoreUnderTest.sources());
        assertThat(asItIs.firstFailure(quick)).as("without a bug").isEmpty();

        Map<String, String> sources = CoreUnderTest.sources();
        Mutant.read(MUTANTS.resolve("map-only-grows.mutant")).applyTo(sources);
        var mutated = new CoreUnderTest(Files.createDirectory(directory.resolve("one")));
        mutated.compile(sources);
        assertThat(mutated.firstFailure(quick)).isEqualTo("KnownDefectsTest$OfOthers.theMapOfEndpointsShrinks");
    }

    private static List<String> testsOf(Mutant mutant) {
        return mutant.tests.isEmpty() ? TESTS : mutant.tests;
    }

    private record Row(Mutant mutant, String caughtBy) {
        @Override
        public String toString() {
            return "| " + mutant.bug + " | " + mutant.source + " | " + (caughtBy.isEmpty() ? "NOTHING" : caughtBy)
                    + " |";
        }
    }

    @Test
    void everyBugPutBackIsCaught(@TempDir Path directory) throws Exception {
        assumeTrue(!PICKED.isEmpty(), "takes minutes: run it with -Pmutants");
        var unmutated = new CoreUnderTest(Files.createDirectory(directory.resolve("none")));
        unmutated.compile(CoreUnderTest.sources());
        List<Mutant> picked = mutants().stream()
                .filter(mutant ->
                        PICKED.equals(ALL) || List.of(PICKED.split(",", -1)).contains(mutant.name))
                .toList();
        List<String> tests = picked.stream()
                .flatMap(mutant -> testsOf(mutant).stream())
                .distinct()
                .toList();
        assertThat(unmutated.firstFailure(tests)).as("without a bug").isEmpty();

        var rows = new ArrayList<Row>();
        for (Mutant mutant : picked) {
            Map<String, String> sources = CoreUnderTest.sources();
            mutant.applyTo(sources);
            var mutated = new CoreUnderTest(Files.createDirectory(directory.resolve(mutant.name)));
            mutated.compile(sources);
            var row = new Row(mutant, mutated.firstFailure(testsOf(mutant)));
            System.out.println("reliability mutants: " + mutant + ": " + row);
            rows.add(row);
        }
        System.out.println("\n| bug | source | caught by |\n|---|---|---|");
        rows.forEach(System.out::println);
        System.out.printf(
                "reliability mutants: %d bugs put back, %d caught%n",
                rows.size(),
                rows.stream().filter(row -> !row.caughtBy.isEmpty()).count());
        assertThat(rows).isNotEmpty().noneMatch(row -> row.caughtBy.isEmpty());
    }
}
