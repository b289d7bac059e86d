package io.genericpool.reliability.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The clients' ends of connections to a port of this machine. */
final class ClientSockets {
    /** Java's sockets are those of IPv6 where there is any. */
    private static final List<Path> TABLES = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));

    private static final int REMOTE_ADDRESS = 2;
    private static final int INODE = 9;

    private ClientSockets() {}

    /** Whether the system tells of them. */
    static boolean areTold() {
        return TABLES.stream().anyMatch(Files::isReadable);
    }

    /** Counts those that are not closed, whether their connection is up or not; 0 on a system that does not tell. */
    static long to(int port) throws IOException {
        long count = 0;
        for (Path table : TABLES) {
            if (Files.isReadable(table)) {
                try (Stream<String> lines = Files.lines(table)) {
                    count += lines.skip(1)
                            .map(line -> line.strip().split("\\s+"))
                            .filter(fields -> leadsTo(port, fields))
                            .count();
                }
            }
        }
        return count;
    }

    /** What is closed and only lingers has no inode. */
    private static boolean leadsTo(int port, String[] fields) {
        String remote = fields[REMOTE_ADDRESS];
        return Integer.parseInt(remote.substring(remote.lastIndexOf(':') + 1), 16) == port
                && !fields[INODE].equals("0");
    }
}
