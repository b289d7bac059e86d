package io.genericpool.fleet.redis;

import io.genericpool.testkit.FixedPort;
import io.genericpool.testkit.RealWait;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/** Watches one primary, and promotes its replica on its own one second after the primary fell silent. */
final class SentinelProcess implements AutoCloseable {
    static final String NAME = "ledger";

    private final Path directory = Files.createTempDirectory("sentinel");
    private final int port = FixedPort.find();
    private final Process process;

    SentinelProcess(int primary) throws IOException {
        Path settings = directory.resolve("sentinel.conf");
        Files.writeString(
                settings,
                String.join(
                        "\n",
                        "bind 127.0.0.1",
                        "port " + port,
                        "dir " + directory,
                        "sentinel monitor " + NAME + " 127.0.0.1 " + primary + " 1",
                        "sentinel down-after-milliseconds " + NAME + " 1000",
                        "sentinel failover-timeout " + NAME + " 5000",
                        ""));
        process = new ProcessBuilder(RedisProcess.PROGRAM.getPath(), settings.toString(), "--sentinel")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        long start = System.nanoTime();
        while (!knowsAReplica()) {
            if (!process.isAlive() || System.nanoTime() - start > RealWait.NANOS) {
                process.destroyForcibly();
                throw new IOException("Sentinel knows no replica");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    private boolean knowsAReplica() {
        try (var client = new Jedis("127.0.0.1", port, 5_000)) {
            return !client.sentinelReplicas(NAME).isEmpty();
        } catch (JedisException e) {
            return false; // it does not answer yet
        }
    }

    int port() {
        return port;
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        try (var files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        }
    }
}
