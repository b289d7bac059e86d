package io.genericpool.testkit;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.SplittableRandom;

/**
 * Finds a port for a server that must be told its port: one that cannot choose for itself, or that is stopped and must
 * come back where it was.
 *
 * <p>A port that the system gives away by itself will not do: while the server is not there, the system may give it to any
 * client. So this looks below the range from which systems take them. Another process may still ask for the same number
 * by name; a server that does not start is to be tried with the next one.
 */
public final class FixedPort {
    /** Linux gives away ports from 32,768 on by itself, other systems from 49,152 on. */
    private static final int FIRST = 20_000;

    private static final int COUNT = 12_000;

    private FixedPort() {}

    /**
     * Finds one that nobody listens on now.
     *
     * @return its number, another one at most calls
     * @throws IllegalStateException when all are taken
     */
    public static int find() {
        // Processes that run beside each other begin at different places.
        int start = new SplittableRandom(ProcessHandle.current().pid() ^ System.nanoTime()).nextInt(COUNT);
        for (int i = 0; i < COUNT; i++) {
            int port = FIRST + (start + i) % COUNT;
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no port from " + FIRST + " to " + (FIRST + COUNT - 1) + " is free");
    }

    private static boolean isFree(int port) {
        try (var listening = new ServerSocket(port)) {
            return listening.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
