package io.genericpool.spring;

import java.util.Map;
import java.util.Set;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** The names that are configured, before there are beans. */
final class Names {
    private Names() {}

    /** The keys right below a prefix, in their order. */
    static Set<String> below(String prefix, Environment environment) {
        return Binder.get(environment)
                .bind(prefix, Bindable.mapOf(String.class, Object.class))
                .map(Map::keySet)
                .orElse(Set.of());
    }

    /** The properties, bound as the bean of them is. */
    static GenericPoolProperties properties(Environment environment) {
        return Binder.get(environment).bindOrCreate("genericpool", GenericPoolProperties.class);
    }
}
