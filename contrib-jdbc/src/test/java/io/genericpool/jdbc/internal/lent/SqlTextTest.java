package io.genericpool.jdbc.internal.lent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqlTextTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "BEGIN",
                "begin",
                "SET NOCOUNT ON\nBEGIN TRAN\nUPDATE a SET b = 1",
                "DECLARE @x int = 1 BEGIN TRANSACTION",
                "if @@trancount = 0 begin tran",
                " \t\r\n begin;",
                "begin work",
                "BEGIN IMMEDIATE",
                "BEGIN/**/TRANSACTION",
                "start transaction",
                "Start  /* really */ Transaction Read Only",
                "-- a comment\nBEGIN",
                "-- one\r\n-- two\nBEGIN",
                "# of MySQL\nBEGIN",
                "/* x */ -- y\n BEGIN",
                "/* a */ /* b */BEGIN",
                "/* nested /* twice */ of PostgreSQL */ BEGIN",
                "/* not nested /* in MySQL */ BEGIN",
                "/*! BEGIN */",
                "/*!50000 start transaction */",
                "/*M!100100 BEGIN*/",
                "\uFEFFBEGIN",
                ";; BEGIN",
                "select 1; begin",
                "select 1;\n-- then\nstart transaction; insert into a values (1)",
                "savepoint a",
                "commit and chain",
                "ROLLBACK AND CHAIN",
                "set autocommit = 0",
                "SET @@session.autocommit=0",
                "SET AUTOCOMMIT FALSE",
                "set implicit_transactions on"
            })
    void theseBeginATransaction(String sql) {
        assertThat(SqlText.beginsTransaction(sql)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ";",
                "-- BEGIN",
                "# BEGIN",
                "/* BEGIN",
                "/* BEGIN */",
                "/* /* BEGIN */ */",
                "select 'begin'",
                "select 1;",
                "select 1; -- begin",
                "insert into a values (1); commit",
                "beginning",
                "begin_all()",
                "started",
                "start slave",
                "set search_path to a",
                "set a = 1; select autocommit",
                "commit",
                "rollback",
                "rollback to savepoint a",
                "savepoints",
                "{call a}",
                "update begin set a = 1"
            })
    void theseDoNot(String sql) {
        assertThat(SqlText.beginsTransaction(sql)).isFalse();
    }

    @Test
    void noTextIsTheDriversBusiness() {
        assertThat(SqlText.beginsTransaction(null)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"set a = 1;", "/*", "/* /* ", "--\n", ";", "commit;", "(", "start ;"})
    void aLongTextIsReadInTimeInProportionToItsLength(String part) {
        String text = part.repeat(1_000_000 / part.length());
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> SqlText.beginsTransaction(text));
    }
}
