package io.genericpool.spi;

/** Allows everything. One object, so that a pool recognises it and does not ask it. */
final class UnlimitedGovernor implements ConnectGovernor<Object> {
    static final UnlimitedGovernor INSTANCE = new UnlimitedGovernor();

    private UnlimitedGovernor() {}

    @Override
    public Verdict beforeConnect(Object endpoint, long nowNanos) {
        return Verdict.proceed();
    }

    @Override
    public String toString() {
        return "ConnectGovernor.unlimited()";
    }
}
