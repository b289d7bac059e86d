package io.genericpool;

import org.jspecify.annotations.Nullable;

/**
 * Work with one connection, for {@link ConnectionPool#use(Object, ConnectionFunction)}.
 *
 * @param <C> the type of connections
 * @param <R> the type of the result
 * @param <X> the type of checked exception the work may throw; inferred as {@link RuntimeException} when it throws none
 */
@FunctionalInterface
public interface ConnectionFunction<C, R extends @Nullable Object, X extends Exception> {
    /**
     * Does the work. The work must not keep the connection after it returns.
     *
     * @param connection the leased connection
     * @return the result
     * @throws X when the work fails; the pool then asks the manager whether the connection is still good
     */
    R apply(C connection) throws X;
}
