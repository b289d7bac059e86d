package io.genericpool.fleet.redis;

import io.genericpool.testkit.FixedPort;
import io.genericpool.testkit.RealWait;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;
import redis.embedded.core.ExecutableProvider;

/** A Redis server of its own process that can be killed, stopped by a signal, and started again where it was. */
final class RedisProcess implements AutoCloseable {
    static final File PROGRAM = program();

    private final Path directory;
    private final int port;
    private final List<String> settings;
    private Process process;

    /** With further settings, such as {@code --cluster-enabled yes}. */
    RedisProcess(String... settings) throws IOException {
        this.directory = Files.createTempDirectory("redis");
        this.port = FixedPort.find();
        this.settings = List.of(settings);
        start();
    }

    /** The one that comes along, unless the system property names another version's or Valkey's. */
    private static File program() {
        String other = System.getProperty("io.genericpool.fleet.redis.server");
        if (other != null) {
            return new File(other);
        }
        try {
            return ExecutableProvider.newJarResourceProvider().get();
        } catch (IOException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    int port() {
        return port;
    }

    URI uri() {
        return URI.create("redis://127.0.0.1:" + port);
    }

    Jedis client() {
        return new Jedis("127.0.0.1", port, 5_000);
    }

    /** Starts it with what it has written, and returns when it answers. */
    void start() throws IOException {
        List<String> command = new ArrayList<>(List.of(PROGRAM.getPath()));
        command.addAll(List.of("--bind", "127.0.0.1", "--port", Integer.toString(port)));
        command.addAll(List.of("--dir", directory.toString(), "--save", ""));
        command.addAll(List.of("--appendonly", "yes", "--appendfsync", "always"));
        command.addAll(settings);
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        long start = System.nanoTime();
        while (!answers()) {
            if (!process.isAlive() || System.nanoTime() - start > RealWait.NANOS) {
                process.destroyForcibly();
                throw new IOException("Redis does not answer on port " + port);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    private boolean answers() {
        try (var client = client()) {
            return "PONG".equals(client.ping());
        } catch (JedisException e) {
            return false;
        }
    }

    void kill() throws IOException {
        process.destroyForcibly();
        try {
            if (!process.waitFor(RealWait.NANOS, TimeUnit.NANOSECONDS)) {
                throw new IOException("Redis does not end");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    void loseData() throws IOException {
        delete(false);
    }

    private void delete(boolean withDirectory) throws IOException {
        try (var files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .filter(file -> withDirectory || !file.equals(directory))
                    .map(Path::toFile)
                    .forEach(File::delete);
        }
    }

    /** As STOP does: it keeps its connections and answers nothing, until CONT. */
    void signal(String name) throws IOException, InterruptedException {
        var kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
        if (kill.waitFor() != 0) {
            throw new IOException("kill -" + name + " failed");
        }
    }

    @Override
    public void close() throws IOException {
        kill();
        delete(true);
    }
}
