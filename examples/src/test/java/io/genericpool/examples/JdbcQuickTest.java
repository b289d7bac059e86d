package io.genericpool.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
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
}
