/** The ledger of a fleet in Redis or Valkey. */
@org.jspecify.annotations.NullMarked
module io.genericpool.fleet.redis {
    requires transitive io.genericpool.api;
    requires transitive redis.clients.jedis;
    requires org.apache.commons.pool2;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports io.genericpool.fleet.redis;
}
