package io.genericpool.websocket.internal.frame;

/** What is told by a {@link WatchedSocket}. Calls come from the reading or the writing thread and must not wait. */
public interface FrameEvents {
    /** A message begins: its first frame has arrived, with a size that is allowed. Messages end in this order. */
    void onMessageBegun();

    /**
     * The answer to one of our pings has arrived.
     *
     * @param id the ping
     */
    void onPong(long id);

    /**
     * The peer has broken a rule; a close with this code was written, and the reader is about to fail.
     *
     * @param violation what it did
     */
    void onViolation(FrameViolation violation);

    /** A frame was written, so that there may be room for another one. */
    void onWritten();
}
