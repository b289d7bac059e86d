package io.genericpool.tcp;

import java.net.ConnectException;

/**
 * The proxy was reached but did not connect to the endpoint. It refused, it failed, or it does not speak its protocol.
 */
public final class ProxyConnectException extends ConnectException {
    private static final long serialVersionUID = 1;

    private final int status;

    ProxyConnectException(String message, int status) {
        super(message);
        this.status = status;
    }

    /**
     * Returns the status in the proxy's answer.
     *
     * @return the status of HTTP (407 for wrong or missing credentials), the reply code of SOCKS 5 (1 to 8), or -1 for
     *     an invalid answer
     */
    public int status() {
        return status;
    }
}
