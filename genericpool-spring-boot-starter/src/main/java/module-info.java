/** Pools from the properties of a Spring Boot application. It is open because Spring creates its beans by reflection. */
@org.jspecify.annotations.NullMarked
open module io.genericpool.spring {
    requires transitive io.genericpool.api;
    requires io.genericpool.core;
    requires spring.beans;
    requires spring.boot;
    requires spring.boot.autoconfigure;
    requires spring.context;
    requires spring.core;
    requires static transitive io.genericpool.jdbc;
    requires static transitive io.genericpool.websocket;
    requires static transitive org.jspecify;
    requires static io.genericpool.fleet;
    requires static io.genericpool.fleet.jdbc;
    requires static io.genericpool.fleet.redis;
    requires static io.genericpool.micrometer;
    requires static java.sql;
    requires static micrometer.core;
    requires static okhttp3;
    requires static spring.boot.actuator;
    requires static spring.boot.actuator.autoconfigure;
    requires static spring.boot.health;
    requires static spring.boot.jdbc;
    requires static spring.jdbc;

    uses java.sql.Driver;

    exports io.genericpool.spring;
}
