package io.genericpool.examples.shop;

import io.genericpool.console.PoolConsole;
import io.genericpool.jdbc.JdbcPool;
import io.genericpool.websocket.WebSocketPool;
import java.io.IOException;
import java.sql.SQLException;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;

/**
 * The shop, with all the servers that it needs on the loopback address of this machine. It ends with Ctrl-C. Nothing but
 * the console names a type of the pool: the rest is in {@code application.yaml}.
 */
@SpringBootApplication(proxyBeanMethods = false)
public class ShopApplication {
    /**
     * Starts the servers and the shop.
     *
     * @param arguments properties in place of those of {@code application.yaml}, such as {@code --server.port=9090}
     */
    public static void main(String[] arguments) throws IOException, InterruptedException, SQLException {
        LocalServers servers = LocalServers.start();
        SpringApplication.getShutdownHandlers().add(servers::close); // after the pools, which close with their context
        var application = new SpringApplication(ShopApplication.class);
        application.setDefaultProperties(servers.properties());
        application.run(arguments);
    }

    /** A live page of both pools. */
    @Bean(destroyMethod = "close")
    PoolConsole console(JdbcPool databases, WebSocketPool prices, @Value("${shop.console-port}") int port) {
        return PoolConsole.builder()
                .pool(databases.pool())
                .pool(prices.pool())
                .port(port)
                .start();
    }

    @Bean
    ApplicationListener<ApplicationReadyEvent> addresses(PoolConsole console) {
        return ready -> {
            var properties = ready.getApplicationContext().getEnvironment();
            String shop = "http://127.0.0.1:" + properties.getProperty("local.server.port");
            System.out.println("orders:  " + shop + "/orders (order by: curl -X POST " + shop + "/orders/BTC)");
            System.out.println("prices:  " + shop + "/prices/BTC");
            System.out.println("health:  " + shop + "/actuator/health");
            System.out.println("metrics: " + shop + "/actuator/prometheus");
            System.out.println("pools:   " + shop + "/actuator/genericpool");
            System.out.println("console: " + console.address());
            System.out.println("master:  " + properties.getProperty("shop.master"));
            System.out.println("replica: " + properties.getProperty("shop.replica"));
            System.out.println("Press Ctrl-C to end.");
        };
    }
}
