package io.genericpool.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The examples that take {@code --console}, with Enter pressed at once. */
@Timeout(120)
class ConsoleOptionTest {
    private interface Main {
        void run(String... arguments) throws Exception;
    }

    enum Example {
        TCP(TcpQuick::main),
        TLS(TlsQuick::main),
        UNIX_SOCKETS(UnixSocketQuick::main),
        JDBC(JdbcQuick::main),
        WEB_SOCKETS(WebSocketQuick::main),
        COMMONS_POOL(CommonsPoolQuick::main);

        @SuppressWarnings("ImmutableEnumChecker") // a reference to a method, without state
        private final Main main;

        Example(Main main) {
            this.main = main;
        }
    }

    @ParameterizedTest
    @EnumSource
    void theConsoleIsShownWhenItIsAskedFor(Example example) throws Exception {
        assertThat(outputOf(example, "--console")).containsPattern("console: http://127\\.0\\.0\\.1:\\d+/ ");
        assertThat(outputOf(example)).doesNotContain("console:");
    }

    private static String outputOf(Example example, String... arguments) throws Exception {
        PrintStream out = System.out;
        InputStream in = System.in;
        var bytes = new ByteArrayOutputStream();
        try (var printed = new PrintStream(bytes, true, UTF_8)) {
            System.setOut(printed);
            System.setIn(new ByteArrayInputStream("\n".getBytes(UTF_8)));
            example.main.run(arguments);
        } finally {
            System.setOut(out);
            System.setIn(in);
        }
        return bytes.toString(UTF_8);
    }
}
