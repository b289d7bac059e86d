package io.genericpool.jdbc;

/** What the beginning of an SQL text tells. */
final class SqlText {
    private SqlText() {}

    /** Whether it begins a transaction by itself; comments before that are not looked through. */
    static boolean beginsTransaction(String sql) {
        int start = 0;
        int length = sql.length();
        while (start < length && Character.isWhitespace(sql.charAt(start))) {
            start++;
        }
        if (start == length) {
            return false;
        }
        char first = sql.charAt(start);
        if (first == 'b' || first == 'B') {
            return startsWith(sql, start, "BEGIN");
        }
        return (first == 's' || first == 'S') && startsWith(sql, start, "START TRANSACTION");
    }

    private static boolean startsWith(String sql, int start, String word) {
        return sql.regionMatches(true, start, word, 0, word.length());
    }
}
