package io.genericpool.tcp;

import java.net.ConnectException;

/** A proxy was reached, but does not lead to the endpoint: it refuses, cannot, or does not speak its protocol. */
public final class ProxyConnectException extends ConnectException {
    private static final long serialVersionUID = 1;

    private final int status;

    ProxyConnectException(String message, int status) {
        super(message);
        this.status = status;
    }

    /**
     * What the proxy answered.
     *
     * @return the status of HTTP (407 for wrong or missing credentials), the reply code of SOCKS 5 (1 to 8), or -1 when the
     *     answer was none
     */
    public int status() {
        return status;
    }
}
