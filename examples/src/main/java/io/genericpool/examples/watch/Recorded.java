package io.genericpool.examples.watch;

import io.genericpool.core.ConnectionPools;
import io.genericpool.replay.Goal;
import io.genericpool.replay.PoolRecorder;
import io.genericpool.replay.Recommender;
import io.genericpool.replay.Recordings;
import io.genericpool.replay.Replay;
import io.genericpool.replay.ReplayResult;
import io.genericpool.replay.recording.Knobs;
import io.genericpool.replay.recording.Recording;
import io.genericpool.spi.ConnectionManager;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** A pool whose load is recorded, and what another limit would have done. */
public final class Recorded {
    private static final String OPTION = "--record=";

    private Recorded() {}

    static void record(ConnectionManager<InetSocketAddress, Socket> manager, InetSocketAddress endpoint, Path folder)
            throws Exception {
        PoolRecorder<InetSocketAddress> recorder =
                PoolRecorder.builder(folder).hashLabels(true).build();
        try (recorder;
                var pool = ConnectionPools.builder(manager)
                        .name("orders")
                        .maxSize(4)
                        .listener(recorder)
                        .build()) {
            recorder.start(pool);
            pool.use(endpoint, socket -> socket.getInputStream().read());
        }
    }

    static Optional<Knobs> recommend(Path folder) {
        Recording recording = Recordings.read(folder);
        var replay = new Replay(recording);
        Knobs recorded = recording.knobs().orElse(Knobs.DEFAULTS);
        ReplayResult doubled = replay.run(recorded.withMaxSize(2 * recorded.maxSize()));
        System.out.println(
                "99 % of waits would have been within " + doubled.waits().percentile(99) / 1e6 + " ms");
        return new Recommender(replay, Goal.parse("p99=20ms"))
                .overMaxSize(recorded)
                .best()
                .map(ReplayResult::knobs);
    }

    /** The folder that {@code --record=FOLDER} names among the arguments of a program. */
    public static Optional<Path> folder(String... arguments) {
        return Arrays.stream(arguments)
                .filter(each -> each.startsWith(OPTION))
                .map(each -> Path.of(each.substring(OPTION.length())))
                .findFirst();
    }
}
