package io.genericpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class ManualExecutorTest {
    private final ManualExecutor executor = new ManualExecutor();
    private final List<Integer> log = new ArrayList<>();

    @Test
    void runsNothingByItself() {
        submit(1);
        assertThat(log).isEmpty();
        assertThat(executor.pending()).isEqualTo(1);
    }

    @Test
    void runsTheOldestOrAnyOther() {
        submit(1);
        submit(2);
        submit(3);
        assertThat(executor.runNext(1)).isTrue();
        assertThat(executor.runNext()).isTrue();
        assertThat(executor.runNext(1)).isFalse();
        assertThat(executor.runAll()).isEqualTo(1);
        assertThat(executor.runNext()).isFalse();
        assertThat(log).containsExactly(2, 1, 3);
    }

    @Test
    void runsWhatTasksSubmit() {
        executor.execute(() -> {
            submit(1);
            executor.execute(() -> submit(2));
        });
        assertThat(executor.runAll()).isEqualTo(4);
        assertThat(log).containsExactly(1, 2);
    }

    @Test
    void rejectsWhenToldTo() {
        executor.rejectNext(1);
        assertThatThrownBy(() -> submit(1)).isInstanceOf(RejectedExecutionException.class);
        submit(2);
        executor.rejectAll(true);
        assertThatThrownBy(() -> submit(3)).isInstanceOf(RejectedExecutionException.class);
        executor.rejectAll(false);
        submit(4);
        executor.runAll();
        assertThat(log).containsExactly(2, 4);
    }

    @Test
    void dropsTheOldest() {
        submit(1);
        submit(2);
        assertThat(executor.dropNext()).isTrue();
        executor.runAll();
        assertThat(log).containsExactly(2);
        assertThat(executor.dropNext()).isFalse();
    }

    private void submit(int number) {
        executor.execute(() -> log.add(number));
    }
}
