package io.genericpool.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.genericpool.replay.recording.Knobs;
import io.genericpool.replay.recording.RecordingBuilder;
import org.junit.jupiter.api.Test;

/** Runs as a module, with the engine as another one. */
class ModulePathIT {
    @Test
    void aReplayRunsOnTheModulePath() {
        Module module = Replay.class.getModule();
        assertThat(module.isNamed()).isTrue();
        assertThat(module.getName()).isEqualTo("io.genericpool.replay");
        var builder = new RecordingBuilder("p");
        builder.lease(builder.endpoint("e"), 5, new long[] {1, 0, 4}, 1, false);
        assertThat(new Replay(builder.build()).run(Knobs.DEFAULTS).waits().count())
                .isEqualTo(1);
    }
}
