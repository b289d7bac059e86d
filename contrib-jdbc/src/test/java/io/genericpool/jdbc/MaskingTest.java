package io.genericpool.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.genericpool.jdbc.internal.driver.Secrets;
import io.genericpool.support.CauseChain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a driver throws at a connect, its texts repeat no secret, and the rest of it is kept. */
@Timeout(60)
class MaskingTest {
    private static final String SECRET = "hunter22";
    private static final String TEXT = "cannot parse jdbc:x://me:hunter22@host";
    private static final String MASKED = "cannot parse jdbc:x://me:***@host";

    private static Throwable failureOf(Throwable thrown) {
        var endpoint = JdbcEndpoint.dataSource(throwing(thrown)).credentials("me", SECRET);
        try (var manager =
                JdbcConnectionManager.builder().endpoint("a", endpoint).build()) {
            return catchThrowable(() -> manager.create("a", Duration.ofSeconds(20)));
        }
    }

    private static DataSource throwing(Throwable thrown) {
        return new Source(() -> MaskingTest.<RuntimeException, java.sql.Connection>raise(thrown));
    }

    @SuppressWarnings("unchecked")
    private static <X extends Throwable, T> T raise(Throwable thrown) throws X {
        throw (X) thrown;
    }

    private static void assertMasked(Throwable failure) {
        assertThat(CauseChain.all(failure)).allSatisfy(e -> {
            assertThat(String.valueOf(e.getMessage())).doesNotContain(SECRET);
            assertThat(e.toString()).doesNotContain(SECRET);
        });
    }

    /** A driver's own. */
    private static final class DriverException extends SQLNonTransientConnectionException {
        final String url = TEXT;

        DriverException() {
            super(TEXT, "08004", 7);
        }

        @Override
        public String toString() {
            return "url was " + url;
        }
    }

    private static final class DriverError extends LinkageError {
        DriverError() {
            super(TEXT);
        }
    }

    private static final class Rude extends RuntimeException {
        @Override
        public String getMessage() {
            throw new IllegalStateException(SECRET);
        }
    }

    static Stream<Throwable> thrown() {
        return Stream.of(
                new SQLException(TEXT, "28000", 17),
                new SQLTimeoutException(TEXT),
                new SQLRecoverableException(TEXT),
                new SQLSyntaxErrorException(TEXT),
                new SQLTransientConnectionException(TEXT),
                new SQLInvalidAuthorizationSpecException(TEXT),
                new SQLFeatureNotSupportedException(TEXT),
                new BatchUpdateException(TEXT, new int[] {1, 2}),
                new DriverException(),
                new IllegalArgumentException(TEXT),
                new NumberFormatException(TEXT),
                new UncheckedIOException(TEXT, new IOException(TEXT)),
                new NullPointerException(TEXT),
                new IOException(TEXT),
                new ExecutionException(TEXT, new SQLException(TEXT)),
                new NoClassDefFoundError(TEXT),
                new ExceptionInInitializerError(TEXT),
                new AssertionError(TEXT),
                new StackOverflowError(TEXT),
                new DriverError(),
                new Rude(),
                new SQLException("no", new IllegalStateException(TEXT)));
    }

    @ParameterizedTest
    @MethodSource("thrown")
    void noTypeOfExceptionRepeatsASecret(Throwable thrown) {
        Throwable failure = failureOf(thrown);
        assertMasked(failure);
        assertThat(failure instanceof Error).isEqualTo(thrown instanceof Error);
        assertThat(failure instanceof RuntimeException).isEqualTo(thrown instanceof RuntimeException);
        assertThat(failure.getStackTrace()).isEqualTo(thrown.getStackTrace());
        if (thrown instanceof SQLException sql) {
            assertThat(((SQLException) failure).getSQLState()).isEqualTo(sql.getSQLState());
            assertThat(((SQLException) failure).getErrorCode()).isEqualTo(sql.getErrorCode());
        }
        boolean isOfTheJdk = thrown.getClass().getName().startsWith("java.");
        boolean hasPlainConstructor = !(thrown instanceof UncheckedIOException || thrown instanceof AssertionError);
        if (isOfTheJdk && hasPlainConstructor && !(thrown instanceof ExecutionException)) {
            assertThat(failure).isExactlyInstanceOf(thrown.getClass());
        }
    }

    @Test
    void theKindAndTheTextAreKeptAsFarAsTheySayNoSecret() {
        assertThat(failureOf(new SQLTimeoutException(TEXT))).hasMessage(MASKED);
        assertThat(failureOf(new DriverException()))
                .isExactlyInstanceOf(SQLNonTransientConnectionException.class)
                .hasMessage(MASKED);
        assertThat(failureOf(new DriverError()))
                .isExactlyInstanceOf(LinkageError.class)
                .hasMessage(DriverError.class.getName() + ": " + MASKED);
        assertThat(((BatchUpdateException) failureOf(new BatchUpdateException(TEXT, new int[] {1, 2})))
                        .getUpdateCounts())
                .containsExactly(1, 2);
    }

    @Test
    void causesNextAndSuppressedExceptionsAreKeptAndMasked() {
        var failure = new SQLException("first", "28000");
        failure.initCause(new IllegalStateException("cause", new IOException(TEXT)));
        failure.setNextException(new SQLException(TEXT, "08006", 3));
        failure.getNextException().setNextException(new SQLTimeoutException("last"));
        failure.addSuppressed(new IllegalArgumentException(TEXT));
        var masked = (SQLException) failureOf(failure);
        assertMasked(masked);
        assertThat((Throwable) masked).isNotSameAs(failure).hasMessage("first");
        assertThat(masked.getCause())
                .isExactlyInstanceOf(IllegalStateException.class)
                .hasMessage("cause");
        assertThat(masked.getCause().getCause())
                .isExactlyInstanceOf(IOException.class)
                .hasMessage(MASKED);
        assertThat(masked.getNextException().getSQLState()).isEqualTo("08006");
        assertThat(masked.getNextException().getErrorCode()).isEqualTo(3);
        assertThat((Object) masked.getNextException().getNextException())
                .isExactlyInstanceOf(SQLTimeoutException.class);
        assertThat(masked.getSuppressed()).hasSize(1);
        assertThat(masked.getSuppressed()[0])
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage(MASKED);
    }

    @Test
    void aFailureThatSaysNoSecretIsLeftAsItIs() {
        for (Throwable plain : new Throwable[] {
            new SQLException("no", "28000"), new IllegalStateException("no"), new NoClassDefFoundError("no")
        }) {
            assertThat(failureOf(plain)).isSameAs(plain);
        }
    }

    @Test
    void circlesOfCausesOfNextAndOfSuppressedExceptionsEnd() {
        var a = new SQLException("a");
        var b = new SQLException(TEXT);
        a.setNextException(b);
        b.initCause(a);
        a.addSuppressed(b);
        b.addSuppressed(a);
        assertMasked(failureOf(a));
        assertMasked(failureOf(b));
        var plain = new SQLException("a");
        var other = new SQLException("b", plain);
        plain.setNextException(other);
        assertThat(failureOf(plain)).isSameAs(plain);
    }

    @Test
    void aLongChainIsMaskedOrCut() {
        var first = new SQLException("first");
        for (int i = 0; i < 10_000; i++) {
            first.setNextException(new SQLException(TEXT + i));
        }
        assertMasked(failureOf(first));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:x://me:hunter22@host/a",
                "jdbc:x://me:hunter22@host,you:second-one@other/a",
                "jdbc:x://host/a?user=me&password=hunter22",
                "jdbc:x://host;user=me;password=hunter22;a=b",
                "jdbc:x://host/a;PWD=hunter22",
                "jdbc:db2://host:1/a:password=hunter22;user=me;",
                "jdbc:mysql://address=(host=a)(port=1)(user=me)(password=hunter22)/a",
                "jdbc:oracle:thin:scott/hunter22@//host:1521/a",
                "jdbc:x://host/a?trustStorePassword=hunter22",
                "jdbc:x://host/a?accessToken=hunter22",
                "jdbc:x://host/a?pass=hunter22"
            })
    void secretsAreFoundInEveryKindOfUrl(String url) {
        var masked = Secrets.of(url, Map.of()).masked(new IllegalArgumentException("bad url: " + url));
        assertThat(masked.getMessage())
                .doesNotContain(SECRET)
                .doesNotContain("second-one")
                .contains("bad url: jdbc:");
    }

    @Test
    void aSecretThatIsAPartOfAnotherLeavesNoRest() {
        var secrets = Secrets.of(null, Map.of("password", "abcd", "sslpassword", "abcdefgh"));
        assertThat(secrets.masked(new SQLException("abcdefgh, abcd"))).hasMessage("***, ***");
    }

    @Test
    void whatFailsAfterTheConnectIsMaskedToo() {
        var driver = new StubDriver().on("setSchema", arguments -> {
            throw new SQLException(TEXT, "3F000");
        });
        var endpoint = JdbcEndpoint.dataSource(driver.source())
                .credentials("me", SECRET)
                .schema("a");
        try (var manager =
                JdbcConnectionManager.builder().endpoint("a", endpoint).build()) {
            Throwable failure = catchThrowable(() -> manager.create("a", Duration.ofSeconds(20)));
            assertThat(failure).hasMessage(MASKED);
            assertThat(driver.calls()).contains("close()");
        }
    }
}
