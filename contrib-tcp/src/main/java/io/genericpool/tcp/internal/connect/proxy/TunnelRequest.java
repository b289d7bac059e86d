package io.genericpool.tcp.internal.connect.proxy;

import java.io.IOException;
import java.net.PasswordAuthentication;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy is asked for.
 *
 * @param channel a socket that is connected to the proxy
 * @param proxy its address, for messages
 * @param host the host to lead to, without brackets
 * @param port the port to lead to
 * @param target host and port as one text, with brackets where needed
 * @param login the credentials, checked, or null
 * @param failures makes the exception that says what the proxy did
 */
public record TunnelRequest(
        SocketChannel channel,
        String proxy,
        String host,
        int port,
        String target,
        @Nullable PasswordAuthentication login,
        Failures failures) {
    /** Makes a failure out of a message and a status, which is -1 for none. */
    @FunctionalInterface
    public interface Failures {
        IOException of(String message, int status);
    }
}
