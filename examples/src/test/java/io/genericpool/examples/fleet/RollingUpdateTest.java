package io.genericpool.examples.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A small one; the program itself replaces ten processes. */
class RollingUpdateTest {
    @Test
    @Timeout(240)
    void noRequestIsLostAndTheCapHolds() throws Exception {
        RollingUpdate.Outcome outcome = new RollingUpdate(new PrintStream(OutputStream.nullOutputStream()), 3, 3).run();
        assertThat(outcome.most()).isEqualTo(outcome.cap());
        assertThat(outcome.failures()).isZero();
        assertThat(outcome.untilServed()).hasSize(3).allMatch(millis -> millis > 0);
        assertThat(outcome.untilServedByPool()).allMatch(millis -> millis < 5_000);
    }
}
