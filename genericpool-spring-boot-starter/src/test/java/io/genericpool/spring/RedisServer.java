package io.genericpool.spring;

import io.genericpool.testkit.FixedPort;
import java.io.IOException;
import redis.embedded.core.ExecutableProvider;

/** A Redis server of its own process, on the loopback address. It keeps nothing on the disk. */
final class RedisServer implements AutoCloseable {
    private final int port = FixedPort.find();
    private final Process process;

    RedisServer() throws IOException {
        String program = ExecutableProvider.newJarResourceProvider().get().getPath();
        process = new ProcessBuilder(program, "--bind", "127.0.0.1", "--port", Integer.toString(port), "--save", "")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    String url() {
        return "redis://127.0.0.1:" + port;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
