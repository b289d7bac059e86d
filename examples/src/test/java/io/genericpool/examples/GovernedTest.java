package io.genericpool.examples;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.ConnectionCreateException;
import io.genericpool.EndpointUnavailableException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the README shows of governors. */
@Timeout(60)
class GovernedTest {
    @Test
    void afterThreeFailuresTheExampleFailsFast() throws Exception {
        InetSocketAddress nobody;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = new InetSocketAddress(socket.getInetAddress(), socket.getLocalPort());
        }
        try (var pool = Governed.newPool(new MyOwnManager())) {
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> pool.connection(nobody)).isInstanceOf(ConnectionCreateException.class);
            }
            assertThatThrownBy(() -> pool.connection(nobody)).isInstanceOf(EndpointUnavailableException.class);
        }
    }
}
