/** Contract suites, a fake clock and a scripted manager for authors of plug-ins. */
@org.jspecify.annotations.NullMarked
module io.genericpool.testkit {
    requires transitive io.genericpool.api;
    requires transitive org.assertj.core;
    requires transitive org.junit.jupiter.api;
    requires static transitive org.jspecify;

    exports io.genericpool.testkit;
    exports io.genericpool.testkit.fleet;
    exports io.genericpool.testkit.contract;

    // JUnit finds the tests of the suites by reflection, and they are package-private.
    opens io.genericpool.testkit;
    opens io.genericpool.testkit.contract;
    opens io.genericpool.testkit.fleet;
}
