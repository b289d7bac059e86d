/**
 * Pools from the properties below {@code genericpool}, for Spring Boot. Everything in this package is configured by
 * Spring Boot; an application implements {@link io.genericpool.spring.JdbcPoolCustomizer} or
 * {@link io.genericpool.spring.WebSocketPoolCustomizer} for what no property says.
 */
@org.jspecify.annotations.NullMarked
package io.genericpool.spring;
