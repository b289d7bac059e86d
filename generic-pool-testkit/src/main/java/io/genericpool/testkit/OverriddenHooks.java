package io.genericpool.testkit;

import io.genericpool.spi.ConnectionManager;
import io.genericpool.spi.ManagerHook;
import java.lang.reflect.Method;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** Which hooks a class of managers overrides, found by the names of its methods: not the way that the engine goes. */
final class OverriddenHooks {
    private OverriddenHooks() {}

    static Set<ManagerHook> of(Class<?> type) {
        var overridden = EnumSet.noneOf(ManagerHook.class);
        for (ManagerHook hook : ManagerHook.values()) {
            String name = nameOf(hook);
            if (Stream.of(type.getMethods()).anyMatch(method -> overrides(method, name))) {
                overridden.add(hook);
            }
        }
        return overridden;
    }

    private static boolean overrides(Method method, String name) {
        return method.getName().equals(name) && method.getDeclaringClass() != ConnectionManager.class;
    }

    /** {@code IS_FATAL} is {@code isFatal}. */
    private static String nameOf(ManagerHook hook) {
        var name = new StringBuilder();
        for (String word : hook.name().split("_", -1)) {
            String lower = word.toLowerCase(Locale.ROOT);
            name.append(name.isEmpty() ? lower : word.charAt(0) + lower.substring(1));
        }
        return name.toString();
    }
}
