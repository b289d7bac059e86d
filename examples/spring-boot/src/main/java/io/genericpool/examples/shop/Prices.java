package io.genericpool.examples.shop;

import io.genericpool.websocket.Message;
import io.genericpool.websocket.WebSocketPool;
import java.math.BigDecimal;
import java.time.Duration;
import org.springframework.stereotype.Service;

/** Asks for prices by WebSocket. */
@Service
class Prices {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final WebSocketPool pool;

    Prices(WebSocketPool pool) {
        this.pool = pool;
    }

    BigDecimal of(String symbol) {
        try (var lease = pool.connection("/prices")) {
            Message answer = lease.connection()
                    .request(Message.text(symbol), message -> message.text().startsWith(symbol + " "), TIMEOUT);
            return new BigDecimal(answer.text().substring(symbol.length() + 1));
        }
    }
}
