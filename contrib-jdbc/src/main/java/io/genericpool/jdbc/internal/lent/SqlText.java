package io.genericpool.jdbc.internal.lent;

import org.jspecify.annotations.Nullable;

/** What an SQL text tells about transactions. In doubt it says more: that costs a rollback too many. */
final class SqlText {
    private SqlText() {}

    /**
     * Whether a statement in the text begins a transaction that JDBC does not know of: {@code BEGIN}, {@code START
     * TRANSACTION}, {@code SAVEPOINT} (which begins one in SQLite), {@code COMMIT AND CHAIN}, {@code BEGIN TRAN} behind
     * {@code SET}, {@code DECLARE} or {@code IF} without a semicolon, as T-SQL allows, or {@code SET} of the database's own
     * autocommit mode. Comments before it are passed over, those that MySQL executes are looked into.
     */
    static boolean beginsTransaction(@Nullable String sql) {
        if (sql == null) {
            return false;
        }
        int at = 0;
        while (at < sql.length() && sql.charAt(at) <= ' ') {
            at++;
        }
        if (at < sql.length() && Character.isLetter(sql.charAt(at)) && sql.indexOf(';', at) < 0) {
            return isBeginning(sql, at); // as most texts are: one statement, no comment before it
        }
        return begins(sql, false) || (sql.contains("/*") && begins(sql, true));
    }

    /** @param nested whether comments nest, as in PostgreSQL, or end at the first end, as in MySQL */
    private static boolean begins(String sql, boolean nested) {
        int start = 0;
        while (start >= 0) {
            int at = skipBlanks(sql, start, nested);
            if (isBeginning(sql, at)) {
                return true;
            }
            start = afterSemicolon(sql, at, nested);
        }
        return false;
    }

    private static boolean isBeginning(String sql, int at) {
        if (at >= sql.length()) {
            return false;
        }
        return switch (sql.charAt(at)) {
            case 'b', 'B' -> isWord(sql, at, "BEGIN");
            case 's', 'S' -> isBeginningWithS(sql, at);
            case 'c', 'C' -> isWord(sql, at, "COMMIT") && restContains(sql, at, "CHAIN");
            case 'r', 'R' -> isWord(sql, at, "ROLLBACK") && restContains(sql, at, "CHAIN");
            case 'd', 'D' -> isWord(sql, at, "DECLARE") && holdsBeginTran(sql, at);
            case 'i', 'I' -> isWord(sql, at, "IF") && holdsBeginTran(sql, at);
            default -> false;
        };
    }

    /** Most texts begin with {@code SELECT}. */
    private static boolean isBeginningWithS(String sql, int at) {
        if (at + 2 >= sql.length()) {
            return false;
        }
        return switch (sql.charAt(at + 1)) {
            case 't', 'T' -> startsTransaction(sql, at);
            case 'a', 'A' -> isWord(sql, at, "SAVEPOINT");
            case 'e', 'E' -> (sql.charAt(at + 2) & ~0x20) == 'T' && setsAutocommit(sql, at);
            default -> false;
        };
    }

    private static boolean startsTransaction(String sql, int at) {
        return isWord(sql, at, "START") && restContains(sql, at, "TRANSACTION");
    }

    private static boolean setsAutocommit(String sql, int at) {
        return isWord(sql, at, "SET")
                && (restContains(sql, at, "AUTOCOMMIT")
                        || restContains(sql, at, "IMPLICIT_TRANSACTIONS")
                        || holdsBeginTran(sql, at));
    }

    /** T-SQL needs no semicolon between statements. */
    private static boolean holdsBeginTran(String sql, int at) {
        return restContains(sql, at, "BEGIN") && restContains(sql, at, "TRAN");
    }

    private static boolean isWord(String sql, int at, String word) {
        int end = at + word.length();
        return sql.regionMatches(true, at, word, 0, word.length())
                && (end == sql.length() || !Character.isJavaIdentifierPart(sql.charAt(end)));
    }

    private static boolean restContains(String sql, int at, String word) {
        int semicolon = sql.indexOf(';', at);
        int last = (semicolon < 0 ? sql.length() : semicolon) - word.length();
        for (int i = at; i <= last; i++) {
            if (sql.regionMatches(true, i, word, 0, word.length())) {
                return true;
            }
        }
        return false;
    }

    /** The place after blanks, comments, and what opens a comment that MySQL executes. */
    private static int skipBlanks(String sql, int from, boolean nested) {
        int at = from;
        while (at < sql.length()) {
            char c = sql.charAt(at);
            if (Character.isWhitespace(c) || c == '\uFEFF' || c == '{' || c == '(') {
                at++;
            } else if (c == '#' || sql.startsWith("--", at)) {
                at = afterLine(sql, at);
            } else if (sql.startsWith("/*!", at) || sql.startsWith("/*M!", at)) {
                at = afterDigits(sql, sql.indexOf('!', at) + 1);
            } else if (sql.startsWith("/*", at)) {
                at = afterComment(sql, at, nested);
            } else if (sql.startsWith("*/", at)) {
                at += 2; // the end of one that MySQL executes
            } else {
                return at;
            }
        }
        return at;
    }

    private static int afterLine(String sql, int from) {
        int at = from;
        while (at < sql.length() && sql.charAt(at) != '\n' && sql.charAt(at) != '\r') {
            at++;
        }
        return at;
    }

    private static int afterDigits(String sql, int from) {
        int at = from;
        while (at < sql.length() && Character.isDigit(sql.charAt(at))) {
            at++;
        }
        return at;
    }

    private static int afterComment(String sql, int from, boolean nested) {
        int depth = 1;
        int at = from + 2;
        while (at < sql.length() && depth > 0) {
            if (sql.startsWith("*/", at)) {
                depth--;
                at += 2;
            } else if (nested && sql.startsWith("/*", at)) {
                depth++;
                at += 2;
            } else {
                at++;
            }
        }
        return at;
    }

    /**
     * The beginning of the next statement, or -1. Semicolons in quotes are not told from others: what stands behind one there
     * begins no transaction. Taking it for one costs a rollback only.
     */
    private static int afterSemicolon(String sql, int from, boolean nested) {
        int semicolon = sql.indexOf(';', from);
        if (semicolon < 0) {
            return -1;
        }
        int next = skipBlanks(sql, semicolon + 1, nested);
        return next == sql.length() ? -1 : semicolon + 1;
    }
}
