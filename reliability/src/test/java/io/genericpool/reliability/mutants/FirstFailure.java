package io.genericpool.reliability.mutants;

import java.util.Arrays;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The main class of the JVM that looks for the first test to fail, class by class in the order of its arguments. */
public final class FirstFailure implements TestExecutionListener {
    static final int PASSED = 0;
    static final int FAILED = 9;
    private static final int NOTHING_RAN = 8;
    static final String STARTED = "started ";
    static final String FAILURE = "failed ";

    private int passed;

    private FirstFailure() {}

    /**
     * Runs tests until one fails.
     *
     * @param tests names of classes
     */
    public static void main(String[] tests) {
        var listener = new FirstFailure();
        for (String test : tests) {
            DiscoverySelector selector = DiscoverySelectors.selectClass(test);
            LauncherFactory.create()
                    .execute(
                            LauncherDiscoveryRequestBuilder.request()
                                    .selectors(selector)
                                    .build(),
                            listener);
        }
        end(listener.passed > 0 ? PASSED : NOTHING_RAN, "ran " + listener.passed + " of " + Arrays.toString(tests));
    }

    @Override
    public void executionStarted(TestIdentifier test) {
        if (test.isTest()) {
            System.out.println(STARTED + name(test));
        }
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (result.getStatus() == TestExecutionResult.Status.FAILED) {
            result.getThrowable().ifPresent(failure -> failure.printStackTrace(System.out));
            end(FAILED, FAILURE + name(test));
        } else if (test.isTest()) {
            passed++;
        }
    }

    private static String name(TestIdentifier test) {
        return test.getSource()
                .filter(MethodSource.class::isInstance)
                .map(MethodSource.class::cast)
                .map(source -> source.getClassName().replaceAll(".*\\.", "") + "." + source.getMethodName())
                .orElse(test.getDisplayName());
    }

    /** At once, whatever threads a bug has left behind. */
    private static void end(int status, String lastWords) {
        System.out.println(lastWords);
        System.out.flush();
        Runtime.getRuntime().halt(status);
    }
}
