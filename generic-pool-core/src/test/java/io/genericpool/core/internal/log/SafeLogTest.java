package io.genericpool.core.internal.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

class SafeLogTest {
    private static final class Unprintable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new StackOverflowError();
        }
    }

    /** As appenders do it: an exception at the end is printed. */
    private static Logger printing(List<String> lines) {
        Logger logger = mock(Logger.class);
        doAnswer(call -> {
                    Object[] arguments = Arrays.copyOfRange(call.getArguments(), 1, call.getArguments().length);
                    lines.add(call.getArgument(0) + Arrays.toString(arguments));
                    return null;
                })
                .when(logger)
                .warn(any(String.class), any(Object[].class));
        return logger;
    }

    @Test
    void anExceptionThatCannotBePrintedIsLoggedByItsType() {
        List<String> lines = new ArrayList<>();
        new SafeLog(printing(lines)).warn("pool {}: the listener failed", "a", new Unprintable());
        assertThat(lines)
                .containsExactly("pool {}: the listener failed {}[a, " + Unprintable.class.getName()
                        + " (its toString threw java.lang.StackOverflowError)]");
    }

    @Test
    void anAppenderThatThrowsIsNotHeardOf() {
        Logger logger = mock(Logger.class);
        doThrow(new OutOfMemoryError()).when(logger).warn(any(String.class), any(Object[].class));
        doThrow(new IllegalStateException()).when(logger).error(any(String.class), any(Object[].class));
        var log = new SafeLog(logger);
        log.warn("a {}", "b");
        log.error("a");
        log.debug("a");
        log.info("a");
    }
}
