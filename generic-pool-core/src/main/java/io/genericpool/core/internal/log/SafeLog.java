package io.genericpool.core.internal.log;

import io.genericpool.support.SafeText;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A log that never throws. What the pool logs are exceptions of others, whose {@code getMessage} may throw in the midst of a
 * step; so may an appender. A line that cannot be written is tried once more with the exceptions as text.
 */
public final class SafeLog {
    private enum Level {
        DEBUG,
        INFO,
        WARN,
        ERROR
    }

    private final Logger logger;

    public SafeLog(Logger logger) {
        this.logger = logger;
    }

    /**
     * The log of a class.
     *
     * @param owner the class
     * @return its log
     */
    public static SafeLog of(Class<?> owner) {
        return new SafeLog(LoggerFactory.getLogger(owner));
    }

    /**
     * Whether a line at DEBUG would be written, so that its arguments need not be made.
     *
     * @return false also when the logger fails to tell
     */
    public boolean isDebugEnabled() {
        try {
            return logger.isDebugEnabled();
        } catch (Throwable broken) {
            return false;
        }
    }

    public void debug(String format, @Nullable Object... arguments) {
        log(Level.DEBUG, format, arguments);
    }

    public void info(String format, @Nullable Object... arguments) {
        log(Level.INFO, format, arguments);
    }

    /**
     * Logs a warning.
     *
     * @param format with a pair of braces for each argument but an exception at the end
     * @param arguments the arguments
     */
    public void warn(String format, @Nullable Object... arguments) {
        log(Level.WARN, format, arguments);
    }

    public void error(String format, @Nullable Object... arguments) {
        log(Level.ERROR, format, arguments);
    }

    private void log(Level level, String format, @Nullable Object[] arguments) {
        try {
            write(level, format, arguments);
        } catch (Throwable broken) {
            try {
                write(level, format + " {}", asText(arguments));
            } catch (Throwable stillBroken) {
                // There is no log to tell it to.
            }
        }
    }

    private static @Nullable Object[] asText(@Nullable Object[] arguments) {
        @Nullable Object[] texts = new @Nullable Object[arguments.length];
        for (int i = 0; i < arguments.length; i++) {
            texts[i] = SafeText.message(arguments[i]);
        }
        return texts;
    }

    private void write(Level level, String format, @Nullable Object[] arguments) {
        switch (level) {
            case DEBUG -> logger.debug(format, arguments);
            case INFO -> logger.info(format, arguments);
            case WARN -> logger.warn(format, arguments);
            case ERROR -> logger.error(format, arguments);
        }
    }
}
