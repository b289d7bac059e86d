package io.genericpool.core.internal.config;

import io.genericpool.core.internal.log.SafeLog;
import io.genericpool.spi.AsyncConnectionManager;
import io.genericpool.spi.ConnectionManager;
import io.genericpool.spi.ConnectionSignals;
import io.genericpool.spi.LeaseScope;
import java.time.Duration;

/**
 * Which hooks a manager has, looked up once: one that is not overridden costs nothing, since a release without hooks is
 * a single CAS and one with hooks needs two.
 */
public final class ManagerHooks {
    private static final SafeLog LOG = SafeLog.of(ManagerHooks.class);

    public final boolean isAsync;
    /** {@code checkAliveness} is overridden. */
    public final boolean checks;
    /** A check is made at once, by the thread that asks. */
    public final boolean checksInstantly;
    /** {@code onAcquire} or {@code lend} is overridden. */
    public final boolean hasAcquireHooks;

    public final boolean lends;
    /** {@code onRelease}, {@code resetAsync} or {@code lend} is overridden. */
    public final boolean hasReleaseHooks;

    public final boolean binds;
    /** {@code isTooMany} is overridden. */
    public final boolean namesTooMany;
    /** {@code isFatal} is overridden: it says something about the connection, not only that nothing is known. */
    public final boolean knowsFatal;

    public ManagerHooks(ConnectionManager<?, ?> manager) {
        Class<?> type = manager.getClass();
        isAsync = manager instanceof AsyncConnectionManager;
        checks = isAsync || overrides(type, "checkAliveness", Object.class, Object.class, Duration.class);
        checksInstantly = checks && manager.isAlivenessCheckInstant();
        lends = overrides(type, "lend", Object.class, Object.class, LeaseScope.class);
        hasAcquireHooks = lends || overrides(type, "onAcquire", Object.class, Object.class);
        hasReleaseHooks = lends
                || overrides(type, "onRelease", Object.class, Object.class)
                || overrides(type, "resetAsync", Object.class, Object.class);
        binds = overrides(type, "bind", Object.class, Object.class, ConnectionSignals.class);
        namesTooMany = overrides(type, "isTooMany", Object.class, Throwable.class);
        knowsFatal = overrides(type, "isFatal", Object.class, Object.class, Throwable.class);
    }

    private static boolean overrides(Class<?> type, String method, Class<?>... erased) {
        return overrides(ConnectionManager.class, type, method, erased);
    }

    /** An override with narrower types has a bridge with the erased ones, so that it is found by these. */
    public static boolean overrides(Class<?> declaring, Class<?> type, String method, Class<?>... erased) {
        try {
            return type.getMethod(method, erased).getDeclaringClass() != declaring;
        } catch (NoSuchMethodException | SecurityException e) {
            LOG.debug("cannot tell whether {} overrides {}; taken as overridden", type, method, e);
            return true;
        }
    }
}
