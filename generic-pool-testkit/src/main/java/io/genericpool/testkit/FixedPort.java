package io.genericpool.testkit;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.SplittableRandom;

/**
 * Finds a port for a server that must be told its port. Such a server cannot choose a port itself, or it is stopped and
 * must restart on the same port.
 *
 * <p>A port from the system's automatic range is not suitable, because the system may give it to any client while the
 * server is stopped. This class therefore searches below that range. Another process may still bind the same port
 * explicitly. When the server does not start, try the next port.
 */
public final class FixedPort {
    /** Linux gives away ports from 32,768 on by itself, other systems from 49,152 on. */
    private static final int FIRST = 20_000;

    private static final int COUNT = 12_000;

    private FixedPort() {}

    /**
     * Finds a port without a listener.
     *
     * @return the port number, a different one on most calls
     * @throws IllegalStateException when all ports are in use
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
