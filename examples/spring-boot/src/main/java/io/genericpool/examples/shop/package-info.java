/** A shop on Spring Boot: orders in databases, prices by WebSocket. */
@NullMarked
package io.genericpool.examples.shop;

import org.jspecify.annotations.NullMarked;
