package io.genericpool.examples.shop;

import java.math.BigDecimal;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The orders. Its code does not know that there are two databases. */
@Service
class Orders {
    /** One order. */
    record Order(int id, String symbol, BigDecimal price) {}

    /**
     * Orders as read.
     *
     * @param database the name of the database they were read from
     */
    record Book(String database, List<Order> orders) {}

    private final JdbcClient jdbc;

    Orders(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Transactional
    public Book place(String symbol, BigDecimal price) {
        Order order = jdbc.sql("insert into orders (symbol, price) values (?, ?) returning id, symbol, price")
                .params(symbol, price)
                .query(Order.class)
                .single();
        return new Book(database(), List.of(order));
    }

    /** Goes to a replica, where an order may arrive a moment later. */
    @Transactional(readOnly = true)
    public Book all() {
        @SuppressWarnings("NullAway") // Spring's type allows rows of null, and this query has none
        List<Order> orders = jdbc.sql("select id, symbol, price from orders order by id")
                .query(Order.class)
                .list();
        return new Book(database(), orders);
    }

    private String database() {
        return jdbc.sql("select current_setting('cluster_name')")
                .query(String.class)
                .single();
    }
}
