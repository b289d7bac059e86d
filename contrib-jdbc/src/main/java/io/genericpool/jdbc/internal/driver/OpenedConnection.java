package io.genericpool.jdbc.internal.driver;

import java.sql.Connection;

/**
 * What a driver has opened.
 *
 * @param raw the driver's connection
 * @param bounded whether each of its waits is bounded by what the connect has set, which must be undone
 */
public record OpenedConnection(Connection raw, boolean bounded) {}
