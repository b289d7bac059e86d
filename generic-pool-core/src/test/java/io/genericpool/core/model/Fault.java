package io.genericpool.core.model;

/** What goes wrong in one step of a trace. */
enum Fault {
    NONE,
    /** A call to the manager ends exceptionally, or says no. */
    FAIL,
    /** As FAIL, with an Error. */
    ERROR,
    /** As FAIL, with null in place of a value. */
    NULL,
    /** A call to the manager throws, where it should have returned a stage. */
    THROWS,
    /** A call to the manager returns null in place of a stage. */
    NULL_STAGE,
    /** A call to the manager begins that does not heed cancellation. */
    STUBBORN,
    BIND_THROWS,
    /** The connection dies while it is bound. */
    BIND_DEAD,
    /** Each instant check of the step says no. */
    CHECK_DEAD,
    ACQUIRE_HOOK_THROWS,
    LEND_THROWS,
    RELEASE_HOOK_THROWS,
    RESET_THROWS,
    RESET_NULL,
    DEATH_HOOK_THROWS,
    LISTENER_THROWS,
    CONNECT_EXECUTOR_REJECTS,
    COMPLETION_EXECUTOR_REJECTS;

    boolean isAcquireHook() {
        return this == ACQUIRE_HOOK_THROWS || this == LEND_THROWS;
    }

    boolean isReleaseHook() {
        return this == RELEASE_HOOK_THROWS || this == RESET_THROWS || this == RESET_NULL;
    }

    boolean failsBind() {
        return this == BIND_THROWS || this == BIND_DEAD;
    }

    boolean failsCall() {
        return ordinal() >= FAIL.ordinal() && ordinal() <= NULL_STAGE.ordinal();
    }
}
