package io.genericpool.core.internal.config;

import io.genericpool.core.internal.log.SafeLog;
import io.genericpool.spi.AsyncConnectionManager;
import io.genericpool.spi.ConnectionManager;
import io.genericpool.spi.ConnectionSignals;
import io.genericpool.spi.LeaseScope;
import io.genericpool.spi.ManagerHook;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/**
 * Which hooks a manager has, asked once: one that it has not costs nothing, since a release without hooks is a single CAS
 * and one with hooks needs two. A manager that does not say it is looked through by reflection.
 */
public final class ManagerHooks {
    private static final SafeLog LOG = SafeLog.of(ManagerHooks.class);

    public final boolean isAsync;
    /** Connections can be checked. */
    public final boolean checks;
    /** A check is made at once, by the thread that asks. */
    public final boolean checksInstantly;
    /** {@code onAcquire} is called. */
    public final boolean acquires;
    /** {@code onAcquire} or {@code lend} is called. */
    public final boolean hasAcquireHooks;

    public final boolean lends;
    /** {@code onRelease} is called. */
    public final boolean releases;
    /** {@code resetAsync} is called. */
    public final boolean resets;
    /** {@code onRelease}, {@code resetAsync} or {@code lend} is called. */
    public final boolean hasReleaseHooks;

    public final boolean binds;
    /** {@code isTooMany} is called. */
    public final boolean namesTooMany;
    /** {@code isFatal} is called: it says something about the connection, not only that nothing is known. */
    public final boolean knowsFatal;

    /** {@code addresses} is called. */
    public final boolean knowsAddresses;

    public ManagerHooks(ConnectionManager<?, ?> manager) {
        Set<ManagerHook> hooks =
                Objects.requireNonNull(manager.hooks(), "hooks").orElseGet(() -> overridden(manager));
        isAsync = manager instanceof AsyncConnectionManager;
        checks = isAsync || hooks.contains(ManagerHook.CHECK_ALIVENESS);
        checksInstantly = checks && manager.isAlivenessCheckInstant();
        lends = hooks.contains(ManagerHook.LEND);
        acquires = hooks.contains(ManagerHook.ON_ACQUIRE);
        releases = hooks.contains(ManagerHook.ON_RELEASE);
        resets = hooks.contains(ManagerHook.RESET_ASYNC);
        hasAcquireHooks = lends || acquires;
        hasReleaseHooks = lends || releases || resets;
        binds = hooks.contains(ManagerHook.BIND);
        namesTooMany = hooks.contains(ManagerHook.IS_TOO_MANY);
        knowsFatal = hooks.contains(ManagerHook.IS_FATAL);
        knowsAddresses = hooks.contains(ManagerHook.ADDRESSES);
    }

    private static Set<ManagerHook> overridden(ConnectionManager<?, ?> manager) {
        var hooks = EnumSet.noneOf(ManagerHook.class);
        for (ManagerHook hook : ManagerHook.values()) {
            if (overrides(manager.getClass(), hook)) {
                hooks.add(hook);
            }
        }
        return hooks;
    }

    private static boolean overrides(Class<?> type, ManagerHook hook) {
        return switch (hook) {
            case CHECK_ALIVENESS -> overrides(type, "checkAliveness", Object.class, Object.class, Duration.class);
            case ON_ACQUIRE -> overrides(type, "onAcquire", Object.class, Object.class);
            case ON_RELEASE -> overrides(type, "onRelease", Object.class, Object.class);
            case IS_FATAL -> overrides(type, "isFatal", Object.class, Object.class, Throwable.class);
            case IS_TOO_MANY -> overrides(type, "isTooMany", Object.class, Throwable.class);
            case RESET_ASYNC -> overrides(type, "resetAsync", Object.class, Object.class);
            case LEND -> overrides(type, "lend", Object.class, Object.class, LeaseScope.class);
            case BIND -> overrides(type, "bind", Object.class, Object.class, ConnectionSignals.class);
            case ADDRESSES -> overrides(type, "addresses", Object.class);
        };
    }

    private static boolean overrides(Class<?> type, String method, Class<?>... erased) {
        return overrides(ConnectionManager.class, type, method, erased);
    }

    /** An override with narrower types has a bridge with the erased ones, so that it is found by these. */
    public static boolean overrides(Class<?> declaring, Class<?> type, String method, Class<?>... erased) {
        try {
            return type.getMethod(method, erased).getDeclaringClass() != declaring;
        } catch (NoSuchMethodException | SecurityException | LinkageError e) { // as in a native image without a hint
            LOG.debug("cannot tell whether {} overrides {}; taken as overridden", type, method, e);
            return true;
        }
    }
}
