package io.genericpool.examples.basics;

import io.genericpool.spi.ConnectionManager;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

public final class MyOwnManager implements ConnectionManager<InetSocketAddress, Socket> {
    @Override
    public Socket create(InetSocketAddress endpoint, Duration timeout) throws IOException {
        var socket = new Socket();
        try {
            int millis = (int) Math.max(1, Math.min(TimeUnit.MILLISECONDS.convert(timeout), Integer.MAX_VALUE));
            socket.connect(new InetSocketAddress(endpoint.getHostString(), endpoint.getPort()), millis);
            return socket;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    @Override
    public void dispose(InetSocketAddress endpoint, Socket socket, Duration timeout) throws IOException {
        socket.close();
    }

    @Override
    public boolean checkAliveness(InetSocketAddress endpoint, Socket socket, Duration timeout) throws IOException {
        socket.setSoTimeout(1);
        try {
            socket.getInputStream().read(); // its end, or bytes that no request asked for: of no use to the next holder
            return false;
        } catch (SocketTimeoutException silence) {
            socket.setSoTimeout(0);
            return true;
        }
    }
}
