package io.genericpool.jdbc.internal.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JdbcUrlsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "jdbc:postgresql://db.example.com/shop | db.example.com",
                "jdbc:postgresql://db1:5432,db2:5433/shop?targetServerType=primary | db1 db2",
                "jdbc:postgresql://[2001:db8::1]:5432/shop | 2001:db8::1",
                "jdbc:postgresql://db?user=a/b@c | db",
                "jdbc:postgresql:shop | ''",
                "jdbc:postgresql:///shop | ''",
                "jdbc:mysql://user:secret@db1:3306,db2/shop | db1 db2",
                "jdbc:mysql:replication://source,replica:3307/shop | source replica",
                "jdbc:mysql://address=(host=db1)(port=3306),address=(port=1)(host=db2)/shop | db1 db2",
                "jdbc:mysql://(host=db1,port=1),(port=2,host=db2)/shop | db1 db2",
                "jdbc:mariadb:sequential://db1,db2,db1/shop | db1 db2",
                "jdbc:mariadb://address=(type=master)(HOST = db1)/shop | db1",
                "jdbc:sqlserver://db\\sales:1433;databaseName=shop;password=a//b@c | db",
                "jdbc:sqlserver://;serverName=db\\sales;databaseName=shop | db",
                "jdbc:sqlserver://;password={a;serverName=x}};};Server = {db} | db",
                "jdbc:SQLServer://;servername=[2001:db8::1] | 2001:db8::1",
                "jdbc:sqlserver://;serverName=2001:db8::1;portNumber=1433 | 2001:db8::1",
                "jdbc:sqlserver://db;serverName=other | db",
                "jdbc:sqlserver://;databaseName=shop | ''",
                "jdbc:sqlserver:// | ''",
                "jdbc:mysql+srv://_mysql._tcp.db/shop | ''",
                "jdbc:mysql+srv:loadbalance://_mysql._tcp.db/shop | ''",
                "jdbc:mysql://_mysql._tcp.db/shop?user=a&dnsSrv=true | ''",
                "jdbc:mysql://db/shop?dnsSrv=false | db",
                "jdbc:oracle:thin:@//db:1521/shop | db",
                "jdbc:oracle:thin:@tcps://db1:2484,db2:2484/shop | db1 db2",
                "jdbc:h2:tcp://db:9092/~/shop | db",
                "jdbc:hsqldb:hsqls://db/shop | db",
                "jdbc:derby://db:1527/shop | db",
                "jdbc:h2:mem:shop | ''",
                "jdbc:h2:~/shop//x | ''",
                "jdbc:sqlite:/data//shop.db | ''",
                "jdbc:oracle:thin:@db:1521:shop | ''",
            })
    void findsTheHostsOf(String url, String hosts) {
        assertThat(JdbcUrls.hosts(url)).isEqualTo(hosts.isEmpty() ? List.of() : List.of(hosts.split(" ")));
    }
}
