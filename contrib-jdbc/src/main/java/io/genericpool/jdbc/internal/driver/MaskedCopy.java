package io.genericpool.jdbc.internal.driver;

import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Copies a graph of exceptions with other texts. A copy is of the nearest type of the JDK's among the supertypes of the
 * original, because that can be made and hides nothing in fields of its own; its text names the original type where it is
 * another. SQLState, error code, stack trace, causes, suppressed and next exceptions are kept; circles are cut.
 */
public final class MaskedCopy {
    private final UnaryOperator<String> mask;
    /** What is copied: the graph may be endless. */
    private final Set<Throwable> wanted = Collections.newSetFromMap(new IdentityHashMap<>());

    public MaskedCopy(UnaryOperator<String> mask, List<Throwable> graph) {
        this.mask = mask;
        this.wanted.addAll(graph);
    }

    public Throwable of(Throwable original) {
        wanted.remove(original);
        Throwable copy = original instanceof SQLException sql ? sqlCopy(sql) : plainCopy(original);
        copy.setStackTrace(original.getStackTrace());
        Throwable cause = causeOf(original);
        if (cause != null && isWanted(cause)) {
            setCause(copy, of(cause));
        }
        for (Throwable suppressed : original.getSuppressed()) {
            if (isWanted(suppressed)) {
                copy.addSuppressed(of(suppressed));
            }
        }
        SQLException next = original instanceof SQLException sql ? nextOf(sql) : null;
        if (copy instanceof SQLException sqlCopy
                && next != null
                && isWanted(next)
                && of(next) instanceof SQLException nextCopy) {
            sqlCopy.setNextException(nextCopy);
        }
        return copy;
    }

    private boolean isWanted(Throwable e) {
        return wanted.contains(e);
    }

    private static void setCause(Throwable copy, Throwable cause) {
        try {
            copy.initCause(cause);
        } catch (IllegalStateException e) {
            copy.addSuppressed(cause); // a type that has no cause
        }
    }

    private static @Nullable Throwable causeOf(Throwable e) {
        try {
            return e.getCause();
        } catch (RuntimeException | Error broken) {
            return null;
        }
    }

    private static @Nullable SQLException nextOf(SQLException e) {
        try {
            return e.getNextException();
        } catch (RuntimeException | Error broken) {
            return null;
        }
    }

    private SQLException sqlCopy(SQLException original) {
        String state = original.getSQLState();
        int code = original.getErrorCode();
        if (original instanceof BatchUpdateException batch) {
            return new BatchUpdateException(
                    textOf(original, BatchUpdateException.class), state, code, batch.getUpdateCounts());
        }
        for (Class<?> type = original.getClass(); type != SQLException.class; type = type.getSuperclass()) {
            Throwable made = make(
                    type, new Class<?>[] {String.class, String.class, int.class}, textOf(original, type), state, code);
            if (made instanceof SQLException copy) {
                return copy;
            }
        }
        return new SQLException(textOf(original, SQLException.class), state, code);
    }

    private Throwable plainCopy(Throwable original) {
        for (Class<?> type = original.getClass(); type != Throwable.class; type = type.getSuperclass()) {
            Throwable copy = make(type, new Class<?>[] {String.class}, textOf(original, type));
            if (copy != null) {
                return copy;
            }
        }
        return new Exception(textOf(original, Exception.class));
    }

    /** Null when the type is none of the JDK's, or has no such constructor. */
    private static @Nullable Throwable make(Class<?> type, Class<?>[] parameters, @Nullable Object... arguments) {
        boolean ofTheJdk = type.getName().startsWith("java.") && Modifier.isPublic(type.getModifiers());
        if (!ofTheJdk || Modifier.isAbstract(type.getModifiers())) {
            return null;
        }
        try {
            Constructor<?> constructor = type.getConstructor(parameters);
            return (Throwable) constructor.newInstance(arguments);
        } catch (ReflectiveOperationException | RuntimeException e) {
            return null;
        }
    }

    private @Nullable String textOf(Throwable original, Class<?> type) {
        String text;
        try {
            text = original.getMessage();
        } catch (Throwable broken) {
            text = "(its getMessage threw " + broken.getClass().getName() + ")";
        }
        String masked = text == null ? null : mask.apply(text);
        if (original.getClass() == type || (original instanceof SQLException && masked != null)) {
            return masked;
        }
        return original.getClass().getName() + (masked == null ? "" : ": " + masked);
    }
}
