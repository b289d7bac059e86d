package io.genericpool.examples;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Arrows between modules run one way, {@code api <- core <- contrib}. It stands here because examples see every module. */
@AnalyzeClasses(packages = "io.genericpool", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String[] API = {
        "io.genericpool",
        "io.genericpool.spi..",
        "io.genericpool.event..",
        "io.genericpool.group..",
        "io.genericpool.support.."
    };
    private static final String CORE = "io.genericpool.core..";
    private static final String CORE_INTERNAL = "io.genericpool.core.internal..";
    private static final String CORE_ROOT = "io.genericpool.core.internal";
    private static final String RATE = "io.genericpool.rate..";
    private static final String FLEET = "io.genericpool.fleet..";
    private static final String MICROMETER = "io.genericpool.micrometer..";
    private static final String CONSOLE = "io.genericpool.console..";
    private static final String REACTOR = "io.genericpool.reactor..";
    private static final String KOTLIN = "io.genericpool.kotlin..";
    private static final String REPLAY = "io.genericpool.replay..";
    private static final String SPRING = "io.genericpool.spring..";
    private static final String TESTKIT = "io.genericpool.testkit..";
    private static final String EXAMPLES = "io.genericpool.examples..";

    private static final DescribedPredicate<JavaClass> JDK =
            resideInAPackage("java..").as("JDK");
    private static final DescribedPredicate<JavaClass> NULLNESS = resideInAPackage("org.jspecify.annotations..");
    private static final DescribedPredicate<JavaClass> CONTRIB = resideInAPackage("io.genericpool..")
            .and(not(resideInAnyPackage(API)))
            .and(not(resideInAnyPackage(
                    CORE, RATE, FLEET, MICROMETER, CONSOLE, REACTOR, KOTLIN, SPRING, TESTKIT, EXAMPLES, REPLAY)))
            .as("contrib");

    @ArchTest
    static final ArchRule apiKnowsNobody = classes()
            .that()
            .resideInAnyPackage(API)
            .should()
            .onlyDependOnClassesThat(JDK.or(NULLNESS).or(resideInAnyPackage(API)));

    @ArchTest
    static final ArchRule coreKnowsApiAndSlf4jOnly = classes()
            .that()
            .resideInAPackage(CORE)
            .should()
            .onlyDependOnClassesThat(JDK.or(NULLNESS)
                    .or(resideInAnyPackage(API))
                    .or(resideInAPackage(CORE))
                    .or(resideInAPackage("org.slf4j.."))
                    .or(resideInAnyPackage("jdk.jfr..", "javax.management.."))); // in rooms of their own

    @ArchTest
    static final ArchRule nobodyOutsideCoreSeesItsInside = noClasses()
            .that()
            .resideOutsideOfPackage(CORE)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(CORE_INTERNAL);

    @ArchTest
    static final ArchRule testkitKnowsApiOnly = noClasses()
            .that()
            .resideInAPackage(TESTKIT)
            .should()
            .dependOnClassesThat(resideInAnyPackage(CORE, EXAMPLES).or(CONTRIB))
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule rateKnowsApiAndBucket4jOnly = classes()
            .that()
            .resideInAPackage(RATE)
            .should()
            .onlyDependOnClassesThat(
                    JDK.or(NULLNESS).or(resideInAnyPackage(API)).or(resideInAnyPackage(RATE, "io.github.bucket4j..")));

    /** The engines of a fleet know what keeps the shares, never the other way round. */
    @ArchTest
    static final ArchRule fleetKnowsApiAndSlf4jOnly = classes()
            .that()
            .resideInAnyPackage("io.genericpool.fleet", "io.genericpool.fleet.internal..")
            .should()
            .onlyDependOnClassesThat(JDK.or(NULLNESS)
                    .or(resideInAnyPackage(API))
                    .or(resideInAnyPackage("io.genericpool.fleet", "io.genericpool.fleet.internal..", "org.slf4j..")));

    @ArchTest
    static final ArchRule enginesOfAFleetKnowApiAndTheirClientOnly = classes()
            .that()
            .resideInAnyPackage("io.genericpool.fleet.redis..", "io.genericpool.fleet.jdbc..")
            .should()
            .onlyDependOnClassesThat(JDK.or(NULLNESS)
                    .or(resideInAnyPackage(API))
                    .or(resideInAnyPackage(
                            "io.genericpool.fleet.redis..",
                            "io.genericpool.fleet.jdbc..",
                            "javax.net.ssl..",
                            "javax.sql..",
                            "org.slf4j.."))
                    .or(resideInAnyPackage("redis.clients.jedis..", "org.apache.commons.pool2..", "org.postgresql..")));

    @ArchTest
    static final ArchRule micrometerKnowsApiAndWebSocketsOnly = classes()
            .that()
            .resideInAPackage(MICROMETER)
            .should()
            .onlyDependOnClassesThat(JDK.or(NULLNESS)
                    .or(resideInAnyPackage(API))
                    .or(resideInAnyPackage(MICROMETER, "io.genericpool.websocket", "io.micrometer.core..")));

    @ArchTest
    static final ArchRule onlyExamplesAndTheStarterKnowMicrometer = noClasses()
            .that()
            .resideOutsideOfPackages(MICROMETER, SPRING, EXAMPLES)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(MICROMETER, "io.micrometer..");

    @ArchTest
    static final ArchRule reactorKnowsApiAndReactorOnly = classes()
            .that()
            .resideInAPackage(REACTOR)
            .should()
            .onlyDependOnClassesThat(JDK.or(NULLNESS)
                    .or(resideInAnyPackage(API))
                    .or(resideInAnyPackage(REACTOR, "reactor.core..", "reactor.util..", "org.reactivestreams..")));

    @ArchTest
    static final ArchRule kotlinKnowsBuildersAndCoroutinesOnly = classes()
            .that()
            .resideInAPackage(KOTLIN)
            .should()
            .onlyDependOnClassesThat(JDK.or(resideInAnyPackage(API))
                    .or(resideInAnyPackage("io.genericpool.core", "io.genericpool.websocket"))
                    .or(resideInAnyPackage(KOTLIN, "kotlin..", "kotlinx.coroutines..", "org.jetbrains.annotations..")));

    @ArchTest
    static final ArchRule consoleKnowsApiAndTheJdksServerAndJacksonsGeneratorOnly = classes()
            .that()
            .resideInAPackage(CONSOLE)
            .should()
            .onlyDependOnClassesThat(JDK.or(NULLNESS)
                    .or(resideInAnyPackage(API))
                    .or(resideInAnyPackage(CONSOLE, "com.sun.net.httpserver", "com.fasterxml.jackson.core")));

    @ArchTest
    static final ArchRule onlyTheConsolesWebSideKnowsTheServer = noClasses()
            .that()
            .resideOutsideOfPackage("io.genericpool.console.internal.web")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.sun.net.httpserver");

    @ArchTest
    static final ArchRule onlyExamplesKnowTheConsole = noClasses()
            .that()
            .resideOutsideOfPackages(CONSOLE, EXAMPLES)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(CONSOLE);

    @ArchTest
    static final ArchRule replayKnowsPublicPackagesAndItsLibrariesOnly = classes()
            .that()
            .resideInAPackage(REPLAY)
            .should()
            .onlyDependOnClassesThat(JDK.or(NULLNESS)
                    .or(resideInAnyPackage(API))
                    .or(resideInAnyPackage(REPLAY, "io.genericpool.core", "javax.crypto.."))
                    .or(resideInAnyPackage("jdk.jfr..", "com.fasterxml.jackson.core..", "picocli..")));

    @ArchTest
    static final ArchRule onlyExamplesKnowReplay = noClasses()
            .that()
            .resideOutsideOfPackages(REPLAY, EXAMPLES)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(REPLAY);

    @ArchTest
    static final ArchRule onlyTheStarterKnowsSpring = noClasses()
            .that()
            .resideOutsideOfPackage(SPRING)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(SPRING, "org.springframework..");

    @ArchTest
    static final ArchRule theStarterKnowsPublicPackagesOfItsPluginsOnly = classes()
            .that()
            .resideInAPackage(SPRING)
            .should()
            .onlyDependOnClassesThat(resideOutsideOfPackage("io.genericpool..")
                    .or(resideInAnyPackage(API))
                    .or(resideInAnyPackage(
                            SPRING,
                            "io.genericpool.core",
                            "io.genericpool.fleet",
                            "io.genericpool.fleet.jdbc",
                            "io.genericpool.fleet.redis",
                            "io.genericpool.jdbc",
                            "io.genericpool.websocket",
                            "io.genericpool.micrometer")));

    @ArchTest
    static final ArchRule contribKnowsNoOtherContrib = slices().assignedFrom(new OneSlicePerContrib())
            .should()
            .notDependOnEachOther()
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().assignedFrom(new OneSlicePerPackage()).should().beFreeOfCycles();

    /** A package with more top-level classes is hard to find one's way in. */
    private static final int MOST_CLASSES = 25;

    /**
     * Those that have more, with a bound of their own that may only become lower. WebSockets: 32 types are the API that
     * users import from one package, and one reaches into messages for the packages below.
     */
    private static final Map<String, Integer> LARGE_PACKAGES = Map.of("io.genericpool.websocket", 33);

    @ArchTest
    static void packagesAreSmall(JavaClasses classes) {
        Map<String, Long> counts = classes.stream()
                .filter(type -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
                .collect(Collectors.groupingBy(JavaClass::getPackageName, TreeMap::new, Collectors.counting()));
        assertThat(counts).isNotEmpty().allSatisfy((name, count) -> assertThat(count)
                .as("classes in %s", name)
                .isLessThanOrEqualTo(LARGE_PACKAGES.getOrDefault(name, MOST_CLASSES)));
    }

    /** The rooms of core, from the bottom to the top: each knows only those before it. */
    private static final List<String> ROOMS = List.of(
            "log",
            "executor",
            "time",
            "flight",
            "config",
            "circuit",
            "slot",
            "queue",
            "capacity",
            "endpoint",
            "report",
            "call",
            "group",
            "sweep",
            "share",
            "watch",
            "jmx",
            "");

    /** So many classes of one package may know each other in a circle; they have to be understood together. */
    private static final int LARGEST_CIRCLE = 6;

    @ArchTest
    static void roomsOfCoreKnowOnlyThoseBelow(JavaClasses classes) {
        List<String> upwards = classes.stream()
                .filter(type -> type.getPackageName().startsWith(CORE_ROOT))
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .filter(dependency ->
                        dependency.getTargetClass().getPackageName().startsWith(CORE_ROOT))
                .filter(dependency -> room(dependency.getOriginClass()) < room(dependency.getTargetClass()))
                .map(dependency -> dependency.getDescription())
                .toList();
        assertThat(upwards).isEmpty();
    }

    private static int room(JavaClass type) {
        String name = type.getPackageName().substring(CORE_ROOT.length());
        int room = ROOMS.indexOf(name.startsWith(".") ? name.substring(1) : name);
        assertThat(room).as("a room for %s", type.getName()).isNotNegative();
        return room;
    }

    @ArchTest
    static void circlesInCoreAreSmall(JavaClasses classes) {
        var circles = new Circles(classes, CORE_ROOT);
        assertThat(circles.largest()).isNotEmpty().hasSizeLessThanOrEqualTo(LARGEST_CIRCLE);
        assertThat(circles.betweenPackages()).isEmpty();
    }

    @ArchTest
    static final ArchRule nobodyDependsOnExamples = noClasses()
            .that()
            .resideOutsideOfPackage(EXAMPLES)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(EXAMPLES);

    /**
     * One slice per package. The root package of WebSockets is three: messages, endpoints and exceptions, which all
     * packages below it know; connections and what listens to them, which those know that make connections; pools,
     * managers, sessions and their knobs, which none of them knows.
     */
    private static final class OneSlicePerPackage implements SliceAssignment {
        private static final String WEBSOCKET = "io.genericpool.websocket";
        private static final Set<String> POOLS = Set.of(
                "WebSocketConnectionManager",
                "WebSocketConnectionManagerBuilder",
                "ConnectRate",
                "Drain",
                "Heartbeat",
                "Retry",
                "DirectMessages",
                "WebSocketPool",
                "WebSocketPoolBuilder",
                "TypedWebSocketPool",
                "WebSocketSession",
                "WebSocketSessionBuilder",
                "TypedWebSocketSession");
        private static final Set<String> CONNECTIONS = Set.of(
                "WebSocketConnection", "TypedConnection", "ConnectionHook", "SessionListener", "TypedSessionListener");

        @Override
        public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
            String name = javaClass.getPackageName();
            if (!name.startsWith("io.genericpool")) {
                return SliceIdentifier.ignore();
            }
            return SliceIdentifier.of(name, name.equals(WEBSOCKET) ? layer(topLevelName(javaClass)) : "");
        }

        private static String layer(String type) {
            if (POOLS.contains(type)) {
                return "pools";
            }
            return CONNECTIONS.contains(type) ? "connections" : "messages";
        }

        private static String topLevelName(JavaClass javaClass) {
            String name =
                    javaClass.getName().substring(javaClass.getPackageName().length() + 1);
            int dollar = name.indexOf('$');
            return dollar < 0 ? name : name.substring(0, dollar);
        }

        @Override
        public String getDescription() {
            return "packages";
        }
    }

    private static final class OneSlicePerContrib implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
            return CONTRIB.test(javaClass) ? SliceIdentifier.of(contribName(javaClass)) : SliceIdentifier.ignore();
        }

        private static String contribName(JavaClass javaClass) {
            String tail = javaClass.getPackageName().substring("io.genericpool.".length());
            int dot = tail.indexOf('.');
            return dot < 0 ? tail : tail.substring(0, dot);
        }

        @Override
        public String getDescription() {
            return "contribs";
        }
    }
}
