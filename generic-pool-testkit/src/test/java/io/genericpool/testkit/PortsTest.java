package io.genericpool.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PortsTest {
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.0.0.2", "localhost"})
    void aRefusingPortRefusesEachConnection(String host) throws IOException {
        try (var port = new RefusingPort()) {
            for (int i = 0; i < 20; i++) {
                try (var client = new Socket()) {
                    assertThatThrownBy(() -> client.connect(new InetSocketAddress(host, port.number())))
                            .isInstanceOf(ConnectException.class);
                }
            }
        }
    }

    @Test
    void aRefusingPortIsGivenToNobodyElseUntilItIsClosed() throws IOException {
        var port = new RefusingPort();
        assertThatThrownBy(() -> listen(port.number()).close()).isInstanceOf(BindException.class);
        int number = port.number();
        port.close();
        port.close();
        try (var server = listen(number)) {
            assertThat(server.isBound()).isTrue();
        }
    }

    @Test
    void aFixedPortIsFreeAndNotOneThatTheSystemGivesAwayByItself() throws IOException {
        int found = FixedPort.find();
        assertThat(found).isBetween(20_000, 31_999);
        try (var server = listen(found)) {
            assertThat(server.isBound()).isTrue();
        }
    }

    private static ServerSocket listen(int port) throws IOException {
        return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
    }
}
