package io.genericpool.examples.watch;

import io.genericpool.ConnectionPool;
import io.genericpool.console.PoolActivity;
import io.genericpool.console.PoolConsole;
import io.genericpool.core.ConnectionPools;
import io.genericpool.spi.ConnectionManager;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;

/** A pool with a live console. */
public final class Consoled {
    private Consoled() {}

    static void run(ConnectionManager<InetSocketAddress, Socket> manager, InetSocketAddress endpoint) throws Exception {
        PoolActivity activity = PoolActivity.events(); // optional: events, and who holds a leaked lease
        try (var pool = ConnectionPools.builder(manager)
                        .name("orders")
                        .listener(activity)
                        .build();
                var console = PoolConsole.builder().pool(pool, activity).start()) {
            System.out.println("console: " + console.address());
            pool.use(endpoint, socket -> socket.getInputStream().read());
        }
    }

    static PoolConsole forOthers(ConnectionPool<?, ?> pool, String token) {
        return PoolConsole.builder()
                .pool(pool)
                .address(new InetSocketAddress("0.0.0.0", 8090)) // all addresses of this machine
                .host("pools.example.org") // the proxy's name
                .token(token)
                .allowActions(true)
                .start();
    }

    /** Whether {@code --console} is among the arguments of a program. */
    public static boolean isAsked(String... arguments) {
        return Arrays.asList(arguments).contains("--console");
    }

    /** The arguments without {@code --console}. */
    public static String[] others(String... arguments) {
        return Arrays.stream(arguments)
                .filter(each -> !each.equals("--console"))
                .toArray(String[]::new);
    }

    /** Shows the pool that an example has used until Enter is pressed, or not at all when the console was not asked for. */
    public static void show(boolean asked, ConnectionPool<?, ?> pool) throws java.io.IOException {
        if (asked) {
            try (var console = PoolConsole.start(pool)) {
                System.out.println("console: " + console.address() + " (press Enter to end)");
                int unused = System.in.read();
            }
        }
    }
}
