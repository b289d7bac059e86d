package io.genericpool.spring;

import io.genericpool.websocket.WebSocketPool;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The WebSocket pools below {@code genericpool.websocket}. It steps back when the application has one of its own. */
@AutoConfiguration(after = SslAutoConfiguration.class)
@ConditionalOnClass(WebSocketPool.class)
@EnableConfigurationProperties(GenericPoolProperties.class)
final class GenericPoolWebSocketAutoConfiguration {
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingBean(WebSocketPool.class)
    @Import(WebSocketPools.class)
    static final class Pools {}
}
