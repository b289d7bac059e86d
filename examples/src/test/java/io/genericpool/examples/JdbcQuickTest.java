package io.genericpool.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.jdbc.JdbcConnectionManagerBuilder;
import io.genericpool.jdbc.JdbcEndpoint;
import io.genericpool.jdbc.JdbcPoolBuilder;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class JdbcQuickTest {
    @Test
    void noMoneyIsLostByWhatIsRolledBack() throws Exception {
        PrintStream before = System.out;
        var text = new ByteArrayOutputStream();
        try (var out = new PrintStream(text, true, StandardCharsets.UTF_8)) {
            System.setOut(out);
            JdbcQuick.main(new String[0]);
        } finally {
            System.setOut(before);
        }
        assertThat(text.toString(StandardCharsets.UTF_8))
                .matches("100 of 1000 transfers refused, 1000 in 10 accounts, 1000 in the replica's; "
                        + "1004 leases of \\d+ connections\\R");
    }

    @Test
    void everyOptionIsInTheReadme() throws Exception {
        String readme = Files.readString(Path.of(System.getProperty("basedir", "."), "..", "README.md"));
        String section = readme.substring(readme.indexOf("\n## JDBC\n"), readme.indexOf("\n## Observing\n"));
        for (Class<?> type : List.of(JdbcEndpoint.class, JdbcConnectionManagerBuilder.class, JdbcPoolBuilder.class)) {
            List<String> options = Arrays.stream(type.getMethods())
                    .filter(method -> method.getReturnType() == type && !Modifier.isStatic(method.getModifiers()))
                    .map(method -> "`" + method.getName() + "`")
                    .toList();
            assertThat(options).isNotEmpty().allSatisfy(option -> assertThat(section)
                    .contains(option));
        }
    }
}
