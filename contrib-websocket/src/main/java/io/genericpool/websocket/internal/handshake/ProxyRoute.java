package io.genericpool.websocket.internal.handshake;

import io.genericpool.support.SafeText;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import javax.net.SocketFactory;
import okhttp3.Dns;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Goes through an HTTP proxy by a tunnel, to {@code ws} endpoints too. RFC 6455 (4.1) says so, and most proxies pass on no
 * upgrade otherwise; OkHttp tunnels for TLS only, and sends the proxy a GET.
 *
 * <p>So for such a route OkHttp is told that there is no proxy, that the host has the proxy's addresses, and to connect by a
 * {@link TunnelSocket}. That has to be a plain socket: where the user has a socket factory, the route is left to OkHttp.
 */
final class ProxyRoute {
    private static final int MOST_ATTEMPTS = 5;

    private ProxyRoute() {}

    static Response proceed(Interceptor.Chain chain, Request request) throws IOException {
        if (request.isHttps() || !isPlain(chain.getSocketFactory())) {
            return chain.proceed(request);
        }
        Proxy fixed = chain.getProxy();
        if (fixed != null) {
            return isHttp(fixed) ? proceed(chain, request, fixed) : chain.proceed(request);
        }
        ProxySelector selector = chain.getProxySelector();
        URI uri = request.url().uri();
        List<Proxy> proxies = selector.select(uri);
        if (proxies == null || proxies.stream().noneMatch(ProxyRoute::isHttp)) {
            return chain.withProxySelector(answering(proxies, selector)).proceed(request);
        }
        for (int i = 0; ; i++) {
            try {
                return proceed(chain, request, proxies.get(i));
            } catch (UnreachableException e) {
                if (chain.call().isCanceled() || i + 1 == proxies.size()) {
                    throw e;
                }
                if (e.proxy.address() != null) {
                    selector.connectFailed(uri, e.proxy.address(), e);
                }
            }
        }
    }

    private static boolean isHttp(Proxy proxy) {
        return proxy.type() == Proxy.Type.HTTP && proxy.address() instanceof InetSocketAddress;
    }

    /** A selector that was asked already. */
    private static ProxySelector answering(@Nullable List<Proxy> proxies, ProxySelector asked) {
        return new ProxySelector() {
            @Override
            public List<Proxy> select(URI uri) {
                return proxies == null ? List.of() : proxies;
            }

            @Override
            public void connectFailed(URI uri, SocketAddress address, IOException failure) {
                asked.connectFailed(uri, address, failure);
            }
        };
    }

    private static boolean isPlain(SocketFactory factory) {
        return factory instanceof NoDelaySockets sockets && sockets.isPlain();
    }

    private static Response proceed(Interceptor.Chain chain, Request request, Proxy proxy) throws IOException {
        if (!isHttp(proxy)) {
            try {
                return chain.withProxy(proxy).proceed(request);
            } catch (ConnectException | UnknownHostException | SocketTimeoutException e) {
                throw new UnreachableException(proxy, e);
            }
        }
        var address = (InetSocketAddress) proxy.address();
        var tunnel = new Tunnel(proxy, request.url(), chain.getProxyAuthenticator());
        Interceptor.Chain tunnelled = chain.withProxy(Proxy.NO_PROXY)
                .withDns(host -> addressesOf(address, chain.getDns()))
                .withSocketFactory(new TunnelSocket.Factory(tunnel, address.getPort()));
        for (int attempt = 1; ; attempt++) {
            try {
                return tunnelled.proceed(request);
            } catch (IOException e) {
                if (!tunnel.hasConnected()) {
                    throw new UnreachableException(proxy, e);
                }
                // The proxy wants credentials, and has closed the connection on which it said so.
                if (!tunnel.mayTryAgain() || attempt == MOST_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static List<InetAddress> addressesOf(InetSocketAddress proxy, Dns dns) throws UnknownHostException {
        return proxy.getAddress() == null ? dns.lookup(proxy.getHostString()) : List.of(proxy.getAddress());
    }

    /** No connection to a proxy, or without one to the host. */
    private static final class UnreachableException extends IOException {
        private static final long serialVersionUID = 1L;

        private final transient Proxy proxy;

        UnreachableException(Proxy proxy, IOException cause) {
            super(isHttp(proxy) ? "no connection to the proxy " + proxy.address() : SafeText.messageOf(cause), cause);
            this.proxy = proxy;
        }
    }
}
