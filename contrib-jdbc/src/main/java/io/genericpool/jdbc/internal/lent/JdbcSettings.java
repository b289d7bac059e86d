package io.genericpool.jdbc.internal.lent;

import java.sql.SQLException;
import java.util.concurrent.ExecutorService;
import java.util.function.Predicate;

/**
 * What all connections of a manager share.
 *
 * @param threads where drivers connect and connections are reset
 * @param isGone which exceptions mean that a connection is gone
 * @param resetsOnClose whether the holder's close waits for the reset
 */
public record JdbcSettings(ExecutorService threads, Predicate<? super SQLException> isGone, boolean resetsOnClose) {}
