/** Records the load of a pool, replays it with other knobs, and recommends some. */
@org.jspecify.annotations.NullMarked
module io.genericpool.replay {
    requires transitive io.genericpool.api;
    requires io.genericpool.core;
    requires com.fasterxml.jackson.core;
    requires info.picocli;
    requires jdk.jfr;
    requires static transitive org.jspecify;

    exports io.genericpool.replay;
    exports io.genericpool.replay.recording;

    opens io.genericpool.replay.internal.command to
            info.picocli;
}
