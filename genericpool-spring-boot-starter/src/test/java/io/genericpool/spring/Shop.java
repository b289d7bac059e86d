package io.genericpool.spring;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.annotation.Transactional;

/** An application as users write it: nothing of ours in its code. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class Shop {
    @Bean
    Orders orders(JdbcTemplate template) {
        return new Orders(template);
    }

    /** Its one service. */
    static class Orders {
        private final JdbcTemplate template;

        Orders(JdbcTemplate template) {
            this.template = template;
        }

        @Transactional
        public void add(int id, boolean fail) {
            template.update("insert into orders values (?)", id);
            if (fail) {
                throw new IllegalStateException("the order is refused");
            }
        }

        @Transactional(readOnly = true)
        public int count() {
            return template.queryForObject("select count(*) from orders", Integer.class);
        }
    }
}
