package io.genericpool.benchmarks.jdbc;

import java.lang.reflect.Proxy;
import java.sql.ResultSet;

/** Rows without end that hold a 1; it has no state, so that there is one for all. */
final class StubResult {
    private static final Integer ONE = 1;
    private static final ResultSet ROWS = (ResultSet) Proxy.newProxyInstance(
            StubResult.class.getClassLoader(),
            new Class<?>[] {ResultSet.class},
            (proxy, method, args) -> switch (method.getName()) {
                case "next" -> Boolean.TRUE;
                case "getInt" -> ONE;
                case "close" -> null;
                case "isClosed" -> Boolean.FALSE;
                case "toString" -> "stub";
                default -> throw new UnsupportedOperationException(method.toString());
            });

    private StubResult() {}

    static ResultSet newResult() {
        return ROWS;
    }
}
