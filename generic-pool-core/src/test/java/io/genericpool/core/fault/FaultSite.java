package io.genericpool.core.fault;

/** One place in the engine where an error may strike. */
record FaultSite(String owner, String method, int line, String what, boolean isAllocation) {
    Error error() {
        return isAllocation ? new InjectedMemory(this) : new InjectedOverflow(this);
    }

    @Override
    public String toString() {
        return owner + "." + method + ":" + line + " " + what;
    }

    /** Memory is full. */
    static final class InjectedMemory extends OutOfMemoryError {
        private static final long serialVersionUID = 1L;

        InjectedMemory(FaultSite at) {
            super("injected at " + at);
        }
    }

    /** The stack is full. */
    static final class InjectedOverflow extends StackOverflowError {
        private static final long serialVersionUID = 1L;

        InjectedOverflow(FaultSite at) {
            super("injected at " + at);
        }
    }
}
