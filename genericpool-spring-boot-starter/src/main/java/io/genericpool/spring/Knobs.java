package io.genericpool.spring;

import io.genericpool.spring.GenericPoolProperties.Jdbc;
import io.genericpool.spring.internal.failure.InvalidPropertyException;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;

/** Hands values of properties to a builder. What the builder refuses becomes an error that names the property. */
final class Knobs {
    /** The shape of the pool's own errors. */
    private static final Pattern BOUND = Pattern.compile("(?s)(\\w+) must (.+?), but .*");

    private static final Pattern NUMBER_ALONE = Pattern.compile("0*[1-9]\\d*");

    private final String prefix;
    /** Null where no value is a duration. */
    private final @Nullable Environment environment;

    Knobs(String prefix) {
        this(prefix, null);
    }

    Knobs(String prefix, @Nullable Environment environment) {
        this.prefix = prefix;
        this.environment = environment;
    }

    /** Leaves the pool's default where there is no value. */
    <T> void set(String knob, @Nullable T value, Consumer<? super T> setter) {
        if (value == null) {
            return;
        }
        if (value instanceof Duration && environment != null) {
            checkUnit(property(knob), environment.getProperty(property(knob)));
        }
        try {
            setter.accept(value);
        } catch (IllegalArgumentException e) {
            throw refused(property(knob), String.valueOf(value), e);
        }
    }

    /** Of a value that is not printed as it is, because it may hold a token. */
    <T> void setHidden(String knob, T value, Consumer<? super T> setter) {
        try {
            setter.accept(value);
        } catch (IllegalArgumentException e) {
            throw refused(property(knob), "...", e);
        }
    }

    /** Spring would take milliseconds, where a reader of a pool's timeouts thinks of seconds. */
    private static void checkUnit(String property, @Nullable String written) {
        if (written != null && NUMBER_ALONE.matcher(written.strip()).matches()) {
            String number = written.strip();
            throw new InvalidPropertyException(
                    property,
                    written,
                    "it is a duration without a unit",
                    "Write '" + number + "s' for seconds or '" + number + "ms' for milliseconds.");
        }
    }

    static InvalidPropertyException isNoGroup(String property, String name, Jdbc jdbc) {
        return new InvalidPropertyException(
                property,
                name,
                "it names no group of '" + GenericPoolProperties.GROUPS + "'",
                jdbc.groups().isEmpty()
                        ? "Configure the group below '" + GenericPoolProperties.GROUPS + "'."
                        : "Write one of " + String.join(", ", jdbc.groups().keySet()) + ".");
    }

    String property(String knob) {
        return prefix + "." + kebab(knob);
    }

    /** An error of the rules between knobs, which no setter finds. The error as it is when it names no property. */
    IllegalArgumentException ofRules(IllegalArgumentException failure, Environment environment) {
        if (failure instanceof InvalidPropertyException) {
            return failure;
        }
        Matcher bound = BOUND.matcher(String.valueOf(failure.getMessage()));
        if (!bound.matches()) {
            return failure;
        }
        String property = property(bound.group(1));
        String value = environment.getProperty(property);
        return value == null ? failure : refused(property, value, failure);
    }

    private static InvalidPropertyException refused(String property, String value, IllegalArgumentException failure) {
        String reason = String.valueOf(failure.getMessage());
        Matcher bound = BOUND.matcher(reason);
        String remedy = bound.matches()
                ? "Write a value for '" + property + "' that must " + bound.group(2)
                        + ", or leave the property out for the default."
                : "Correct the value of '" + property + "', or leave the property out for the default.";
        var invalid = new InvalidPropertyException(
                property,
                value,
                reason,
                remedy.replace(" that must be ", " that is ").replace(" that must not be ", " that is not "));
        invalid.initCause(failure);
        return invalid;
    }

    static String kebab(String camelCase) {
        return camelCase.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    /** The name of a database, which must be configured. */
    static String known(String property, String name, Jdbc jdbc) {
        if (jdbc.endpoints().containsKey(name)) {
            return name;
        }
        throw new InvalidPropertyException(
                property,
                name,
                "it names no database of '" + GenericPoolProperties.ENDPOINTS + "'",
                "Write one of " + String.join(", ", jdbc.endpoints().keySet()) + ".");
    }
}
