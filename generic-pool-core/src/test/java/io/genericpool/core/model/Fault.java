package io.genericpool.core.model;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What goes wrong. Most wait, once a step has brought them, for the first occasion; some hold for that step alone. */
enum Fault {
    NONE,
    /** A call of the manager throws, or gives null instead of a stage, or a stage that has ended at once. */
    CALL_THROWS,
    CALL_GIVES_NULL,
    CALL_ENDS_AT_ONCE,
    CALL_FAILS_AT_ONCE,
    /** A call that begins does not listen when it is cancelled. */
    STUBBORN,
    /** A call ends with an exception, an error, null, or a connection is found dead. */
    FAILS,
    FAILS_BADLY,
    ENDS_WITH_NULL,
    FOUND_DEAD,
    ON_ACQUIRE_THROWS,
    LEND_THROWS,
    ON_RELEASE_THROWS,
    RESET_THROWS,
    RESET_GIVES_NULL,
    ON_DEAD_THROWS,
    BIND_THROWS,
    DIES_IN_BIND,
    RETIRES_IN_BIND,
    LISTENER_THROWS,
    GOVERNOR_WAITS,
    GOVERNOR_REFUSES,
    GOVERNOR_THROWS,
    /** For this step alone. */
    CONNECT_EXECUTOR_REJECTS,
    COMPLETION_EXECUTOR_REJECTS;

    private static final Set<Fault> OF_ASYNC =
            EnumSet.of(CALL_THROWS, CALL_GIVES_NULL, CALL_ENDS_AT_ONCE, CALL_FAILS_AT_ONCE, STUBBORN);
    private static final Set<Fault> OF_HOOKS = EnumSet.range(ON_ACQUIRE_THROWS, RETIRES_IN_BIND);
    private static final Set<Fault> OF_RESETS = EnumSet.of(RESET_THROWS, RESET_GIVES_NULL);
    private static final Set<Fault> OF_GOVERNOR = EnumSet.range(GOVERNOR_WAITS, GOVERNOR_THROWS);

    /** Those that can strike in a trace. */
    static List<Fault> of(TraceConfig config) {
        var all = EnumSet.complementOf(EnumSet.of(NONE));
        if (!config.async) {
            all.removeAll(OF_ASYNC);
        }
        if (!config.hooks) {
            all.removeAll(OF_HOOKS);
        }
        if (!config.resets) {
            all.removeAll(OF_RESETS);
        }
        if (!config.governed) {
            all.removeAll(OF_GOVERNOR);
        }
        if (!config.checks) {
            all.remove(FOUND_DEAD);
        }
        if (!config.listener) {
            all.remove(LISTENER_THROWS);
        }
        return List.copyOf(all);
    }

    /** Whether it holds for its step alone, rather than waiting for the first occasion. */
    boolean isMomentary() {
        return this == CONNECT_EXECUTOR_REJECTS || this == COMPLETION_EXECUTOR_REJECTS;
    }
}
