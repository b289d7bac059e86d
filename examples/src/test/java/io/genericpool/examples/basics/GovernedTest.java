package io.genericpool.examples.basics;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.ConnectionCreateException;
import io.genericpool.EndpointUnavailableException;
import io.genericpool.testkit.RefusingPort;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What docs/failing-endpoints.md shows of governors. */
@Timeout(60)
class GovernedTest {
    @Test
    void afterThreeFailuresTheExampleFailsFast() throws Exception {
        try (var refusing = new RefusingPort();
                var pool = Governed.newPool(new MyOwnManager())) {
            var nobody = new InetSocketAddress(InetAddress.getLoopbackAddress(), refusing.number());
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> pool.connection(nobody)).isInstanceOf(ConnectionCreateException.class);
            }
            assertThatThrownBy(() -> pool.connection(nobody)).isInstanceOf(EndpointUnavailableException.class);
        }
    }
}
