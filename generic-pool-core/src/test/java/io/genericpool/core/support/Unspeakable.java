package io.genericpool.core.support;

/** An exception that says nothing: asked for its message, its text or its cause, it throws or leads in a circle. */
public final class Unspeakable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Throwable partner;

    public Unspeakable() {
        super("never read", null, false, false);
        this.partner = new RuntimeException("the other half of the circle", this);
    }

    @Override
    public String getMessage() {
        throw new StackOverflowError("getMessage");
    }

    @Override
    public String toString() {
        throw new IllegalStateException("toString");
    }

    @Override
    public synchronized Throwable getCause() {
        return partner;
    }
}
