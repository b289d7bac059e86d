package io.genericpool.replay.internal.trace;

/**
 * A trace file: {@link #MAGIC}, {@link #VERSION} as two bytes, the pool's name, its knobs as longs, then blocks, then one end.
 * A block is its kind, its length, its CRC-32 and events; the end tells what was left out. Each number of an event has seven
 * bits a byte, the lowest first; times are told as the difference to the event before. Each file tells its endpoints itself.
 */
final class TraceFormat {
    static final byte[] MAGIC = {'G', 'P', 'T', 'R', 'A', 'C', 'E', '\n'};
    static final int VERSION = 1;
    static final String SUFFIX = ".gptrace";

    static final int BLOCK = 'B';
    static final int END = 'E';

    static final int ENDPOINT = 1;
    static final int LEASE = 2;
    static final int INVALIDATED_LEASE = 3;
    static final int TIMED_OUT = 4;
    static final int FAILED = 5;
    static final int CONNECTED = 6;
    static final int CONNECT_FAILED = 7;
    static final int DIED = 8;
    static final int EVICTED = 9;

    /** The numbers of an event besides its endpoint and its time. */
    static int numbers(int event) {
        return switch (event) {
            case LEASE, INVALIDATED_LEASE -> 4;
            case TIMED_OUT, FAILED -> 2;
            default -> 1;
        };
    }

    private TraceFormat() {}
}
