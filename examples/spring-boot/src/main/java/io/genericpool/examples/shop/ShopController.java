package io.genericpool.examples.shop;

import io.genericpool.examples.shop.Orders.Book;
import java.math.BigDecimal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** What the shop answers by HTTP. */
@RestController
class ShopController {
    private final Orders orders;
    private final Prices prices;

    ShopController(Orders orders, Prices prices) {
        this.orders = orders;
        this.prices = prices;
    }

    @GetMapping("/prices/{symbol}")
    BigDecimal price(@PathVariable String symbol) {
        return prices.of(symbol);
    }

    @PostMapping("/orders/{symbol}")
    Book order(@PathVariable String symbol) {
        return orders.place(symbol, prices.of(symbol));
    }

    @GetMapping("/orders")
    Book orders() {
        return orders.all();
    }
}
