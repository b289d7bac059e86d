package io.genericpool.core.log;

import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** Hands its lines to the {@link CapturedLog}s that are open. */
final class CapturingLogger extends LegacyAbstractLogger {
    private static final long serialVersionUID = 1L;

    CapturingLogger(String name) {
        this.name = name;
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
        return null;
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level,
            @Nullable Marker marker,
            String pattern,
            @Nullable Object @Nullable [] arguments,
            @Nullable Throwable thrown) {
        CapturedLog.write(level, MessageFormatter.basicArrayFormat(pattern, arguments));
    }

    @Override
    public boolean isTraceEnabled() {
        return false;
    }

    @Override
    public boolean isDebugEnabled() {
        return CapturedLog.isWanted(Level.DEBUG);
    }

    @Override
    public boolean isInfoEnabled() {
        return CapturedLog.isWanted(Level.INFO);
    }

    @Override
    public boolean isWarnEnabled() {
        return CapturedLog.isWanted(Level.WARN);
    }

    @Override
    public boolean isErrorEnabled() {
        return CapturedLog.isWanted(Level.ERROR);
    }
}
