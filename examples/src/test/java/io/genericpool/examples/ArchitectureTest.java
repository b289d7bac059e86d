package io.genericpool.examples;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;

/** Arrows between modules run one way, {@code api <- core <- contrib}. It stands here because examples see every module. */
@AnalyzeClasses(packages = "io.genericpool", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String[] API = {
        "io.genericpool", "io.genericpool.spi..", "io.genericpool.event..", "io.genericpool.support.."
    };
    private static final String CORE = "io.genericpool.core..";
    private static final String CORE_INTERNAL = "io.genericpool.core.internal..";
    private static final String RATE = "io.genericpool.rate..";
    private static final String TESTKIT = "io.genericpool.testkit..";
    private static final String EXAMPLES = "io.genericpool.examples..";

    private static final DescribedPredicate<JavaClass> JDK =
            resideInAPackage("java..").as("JDK");
    private static final DescribedPredicate<JavaClass> NULLNESS = resideInAPackage("org.jspecify.annotations..");
    private static final DescribedPredicate<JavaClass> CONTRIB = resideInAPackage("io.genericpool..")
            .and(not(resideInAnyPackage(API)))
            .and(not(resideInAnyPackage(CORE, RATE, TESTKIT, EXAMPLES)))
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
                    .or(resideInAPackage("org.slf4j..")));

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

    @ArchTest
    static final ArchRule contribKnowsNoOtherContrib = slices().assignedFrom(new OneSlicePerContrib())
            .should()
            .notDependOnEachOther()
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule nobodyDependsOnExamples = noClasses()
            .that()
            .resideOutsideOfPackage(EXAMPLES)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(EXAMPLES);

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
