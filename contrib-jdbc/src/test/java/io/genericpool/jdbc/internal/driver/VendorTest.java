package io.genericpool.jdbc.internal.driver;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A vendor that is not recognised gets no timeout of the pool. */
class VendorTest {
    @ParameterizedTest
    @CsvSource({
        "jdbc:postgresql://db/shop, POSTGRESQL",
        "jdbc:mysql://db/shop, MYSQL",
        "jdbc:mysql:replication://source/shop, MYSQL",
        "jdbc:mysql+srv://_mysql._tcp.db/shop, MYSQL",
        "jdbc:MySQL+SRV:loadbalance://_mysql._tcp.db/shop, MYSQL",
        "jdbc:mariadb://db/shop, MARIADB",
        "jdbc:sqlserver://;serverName=db, SQLSERVER",
        "jdbc:h2:mem:shop, OTHER",
    })
    void isFoundByTheUrl(String url, Vendor vendor) {
        assertThat(Vendor.ofUrl(url)).isEqualTo(vendor);
    }
}
