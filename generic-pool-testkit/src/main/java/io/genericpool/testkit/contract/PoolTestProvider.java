package io.genericpool.testkit.contract;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;

/** Runs a {@link PoolTest} once a front end, and checks afterwards what must hold after any test. */
final class PoolTestProvider implements TestTemplateInvocationContextProvider {
    @Override
    public boolean supportsTestTemplate(ExtensionContext context) {
        return true;
    }

    @Override
    public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(ExtensionContext context) {
        var test = context.getRequiredTestMethod().getAnnotation(PoolTest.class);
        var withHooks = Stream.of(test.value()).map(frontEnd -> new Invocation(frontEnd, true));
        var without = Stream.of(test.value())
                .filter(frontEnd -> test.alsoWithoutHooks())
                .map(frontEnd -> new Invocation(frontEnd, false));
        return Stream.concat(withHooks, without);
    }

    /** One run of a test. */
    private static final class Invocation
            implements TestTemplateInvocationContext, ParameterResolver, AfterEachCallback {
        private static final ExtensionContext.Namespace STORE = ExtensionContext.Namespace.create(PoolTest.class);

        private final FrontEnd frontEnd;
        private final boolean hooks;

        Invocation(FrontEnd frontEnd, boolean hooks) {
            this.frontEnd = frontEnd;
            this.hooks = hooks;
        }

        @Override
        public String getDisplayName(int index) {
            return frontEnd.name().toLowerCase(Locale.ROOT) + (hooks ? "" : ", without hooks");
        }

        @Override
        public List<Extension> getAdditionalExtensions() {
            return List.of(this);
        }

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == PoolHarness.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            var behaviour = (PoolBehaviour) context.getRequiredTestInstance();
            var harness = new PoolHarness(frontEnd, behaviour.factory());
            if (!hooks) {
                harness.withoutHooks();
            }
            context.getStore(STORE).put(PoolHarness.class, harness);
            return harness;
        }

        @Override
        public void afterEach(ExtensionContext context) {
            var harness = context.getStore(STORE).get(PoolHarness.class, PoolHarness.class);
            if (harness == null) {
                return;
            }
            if (context.getExecutionException().isEmpty()) {
                harness.verify();
            } else {
                harness.end();
            }
        }
    }
}
