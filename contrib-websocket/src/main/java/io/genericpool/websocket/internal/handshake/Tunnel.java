package io.genericpool.websocket.internal.handshake;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.SocketFactory;
import okhttp3.Address;
import okhttp3.Authenticator;
import okhttp3.CertificatePinner;
import okhttp3.ConnectionSpec;
import okhttp3.Dns;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.OkHttp;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okhttp3.Route;
import org.jspecify.annotations.Nullable;

/**
 * Asks an HTTP proxy for a tunnel (RFC 9110, 9.3.6), with the credentials that the proxy's authenticator gives, as OkHttp
 * does: once before the proxy asks, and again whenever it does.
 */
final class Tunnel {
    private static final int MAX_HEAD_SIZE = 64 * 1024;
    private static final int MOST_CHALLENGES = 5;
    private static final int PROXY_AUTHENTICATION_REQUIRED = 407;

    private final Proxy proxy;
    private final HttpUrl url;
    private final Authenticator authenticator;
    private volatile @Nullable Request next;
    private volatile boolean connected;
    private volatile boolean again;

    Tunnel(Proxy proxy, HttpUrl url, Authenticator authenticator) {
        this.proxy = proxy;
        this.url = url;
        this.authenticator = authenticator;
    }

    /** Whether there was a connection to the proxy. */
    boolean hasConnected() {
        return connected;
    }

    /** Whether there are credentials that the proxy was not shown yet. */
    boolean mayTryAgain() {
        return again;
    }

    /** Asks on a socket that is connected to the proxy. */
    void open(Socket socket) throws IOException {
        connected = true;
        again = false;
        Request request = next == null ? firstRequest() : next;
        for (int challenges = 0; ; challenges++) {
            Response answer = exchange(request, socket, challenges);
            if (answer.isSuccessful()) {
                return;
            }
            Request authenticated = answer.code() == PROXY_AUTHENTICATION_REQUIRED && challenges < MOST_CHALLENGES
                    ? authenticator.authenticate(route(), answer)
                    : null;
            if (authenticated == null) {
                throw new IOException("Unexpected response code for CONNECT: " + answer.code());
            }
            request = authenticated;
            next = authenticated;
            if (!skipBody(answer, socket.getInputStream())) {
                again = true;
                throw new IOException("the proxy asks for credentials on another connection");
            }
        }
    }

    private Response exchange(Request request, Socket socket, int challenges) throws IOException {
        try {
            send(request, socket.getOutputStream());
            return answerTo(request, socket.getInputStream());
        } catch (EOFException | SocketException e) {
            // It did not say that it would close the connection on which it asked for credentials.
            again = challenges > 0;
            throw e;
        }
    }

    private Request firstRequest() throws IOException {
        String authority = authority();
        Request plain = new Request.Builder()
                .url(url)
                .method("CONNECT", null)
                .header("Host", authority)
                .header("Proxy-Connection", "Keep-Alive")
                .header("User-Agent", "okhttp/" + OkHttp.VERSION)
                .build();
        Response notAsked = new Response.Builder()
                .request(plain)
                .protocol(Protocol.HTTP_1_1)
                .code(PROXY_AUTHENTICATION_REQUIRED)
                .message("Preemptive Authenticate")
                .header("Proxy-Authenticate", "OkHttp-Preemptive")
                .build();
        Request authenticated = authenticator.authenticate(route(), notAsked);
        return authenticated == null ? plain : authenticated;
    }

    private String authority() {
        String host = url.host().indexOf(':') >= 0 ? "[" + url.host() + "]" : url.host();
        return host + ":" + url.port();
    }

    /** For the authenticator, which may look at the proxy. */
    private Route route() {
        var address = new Address(
                url.host(),
                url.port(),
                Dns.SYSTEM,
                SocketFactory.getDefault(),
                null,
                null,
                (CertificatePinner) null,
                authenticator,
                proxy,
                List.of(Protocol.HTTP_1_1),
                List.of(ConnectionSpec.CLEARTEXT),
                ProxySelector.getDefault());
        return new Route(address, proxy, (InetSocketAddress) proxy.address());
    }

    private void send(Request request, OutputStream out) throws IOException {
        var head = new StringBuilder("CONNECT ").append(authority()).append(" HTTP/1.1\r\n");
        Headers headers = request.headers();
        for (int i = 0; i < headers.size(); i++) {
            head.append(headers.name(i)).append(": ").append(headers.value(i)).append("\r\n");
        }
        out.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    /** Reads no byte beyond the head: what follows is the tunnel's. */
    private static Response answerTo(Request request, InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n", Math.max(0, head.length() - 4)) < 0) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("the proxy closed the connection without an answer to CONNECT");
            }
            if (head.length() == MAX_HEAD_SIZE) {
                throw new IOException(
                        "the proxy's answer to CONNECT has a head of more than " + MAX_HEAD_SIZE + " bytes");
            }
            head.append((char) next);
        }
        String[] lines = head.toString().split("\r\n", -1);
        String[] status = lines[0].split(" ", 3);
        if (status.length < 2 || !status[0].startsWith("HTTP/1.") || !status[1].matches("[1-9][0-9]{2}")) {
            throw new IOException("the proxy's answer to CONNECT is not HTTP");
        }
        var headers = new Headers.Builder();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon > 0) {
                headers.addUnsafeNonAscii(
                        lines[i].substring(0, colon).strip(),
                        lines[i].substring(colon + 1).strip());
            }
        }
        return new Response.Builder()
                .request(request)
                .protocol(Protocol.HTTP_1_1)
                .code(Integer.parseInt(status[1]))
                .message(status.length < 3 ? "" : status[2])
                .headers(headers.build())
                .body(ResponseBody.EMPTY)
                .build();
    }

    /** Makes room for another answer; false when none can come on this connection. */
    private static boolean skipBody(Response answer, InputStream in) throws IOException {
        String length = answer.header("Content-Length");
        if (length == null
                || !length.matches("[0-9]{1,6}")
                || "close".equalsIgnoreCase(answer.header("Connection"))
                || "close".equalsIgnoreCase(answer.header("Proxy-Connection"))) {
            return false;
        }
        in.skipNBytes(Integer.parseInt(length));
        return true;
    }
}
