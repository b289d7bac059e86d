package io.genericpool.tcp.internal.connect;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.net.InetAddresses;
import io.genericpool.support.Hosts;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What decides whether a host is looked up takes the same hosts for addresses as what reads addresses. */
class AddressesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "0.0.0.0",
                "255.255.255.255",
                "192.0.2.10",
                "256.0.0.1",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.4.",
                "1..3.4",
                "01.2.3.4",
                "1.2.3.400",
                "127.1",
                "2130706433",
                "::",
                "::1",
                "2001:db8::1",
                "::ffff:192.0.2.1",
                "db",
                "db1",
                "1.2.3.a",
                "db.example.com",
                "1.2.3.4.example",
                "4.3.2.1.in-addr.arpa",
                ".",
                "",
            })
    void aHostIsAnAddressForBothOrForNone(String host) {
        assertThat(Hosts.isAddress(host)).isEqualTo(InetAddresses.isInetAddress(host));
    }

    /** An endpoint's host is written in one way before it is looked at. */
    @ParameterizedTest
    @ValueSource(strings = {"1.2.3", "01.2.3.4", "127.1", "DB", "2001:DB8:0::1", "1.2.3.4", "fe80::1%eth0"})
    void soIsTheHostOfAnEndpoint(String host) {
        String canonical = HostNames.canonical(host);
        assertThat(Hosts.isAddress(canonical)).isEqualTo(InetAddresses.isInetAddress(canonical));
    }
}
