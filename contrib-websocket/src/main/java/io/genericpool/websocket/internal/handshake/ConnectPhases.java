package io.genericpool.websocket.internal.handshake;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.util.List;
import java.util.function.LongSupplier;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;
import okhttp3.Handshake;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;

/** What a connect is busy with, for the message of one that takes too long; and when it asked for the upgrade. */
public final class ConnectPhases extends EventListener {
    private final LongSupplier nanoTime;
    private volatile String phase = "waiting for the source of headers";
    private volatile long upgradeBeganNanos;
    private volatile @Nullable Response answer;

    public ConnectPhases(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.upgradeBeganNanos = nanoTime.getAsLong();
    }

    /** When the upgrade was asked for, the last time if a proxy or the server wanted to be asked again. */
    public long upgradeBeganNanos() {
        return upgradeBeganNanos;
    }

    public String phase() {
        return phase;
    }

    /**
     * The present answer, without its body, when it is one whose {@code Retry-After} OkHttp reads itself, and may have
     * failed to read; otherwise null.
     */
    @Nullable
    Response unreadRefusal() {
        Response present = answer;
        return present != null
                        && (present.code() == 408 || present.code() == 503)
                        && present.header("Retry-After") != null
                ? present.newBuilder().body(ResponseBody.EMPTY).build()
                : null;
    }

    @Override
    public void dnsStart(Call call, String domainName) {
        phase = "resolving the name";
    }

    @Override
    public void dnsEnd(Call call, String domainName, List<InetAddress> addresses) {
        phase = "connecting";
    }

    @Override
    public void connectStart(Call call, InetSocketAddress address, Proxy proxy) {
        phase = "connecting";
    }

    @Override
    public void secureConnectStart(Call call) {
        phase = "shaking hands for TLS";
    }

    @Override
    public void secureConnectEnd(Call call, @Nullable Handshake handshake) {
        phase = "sending the upgrade request";
    }

    @Override
    public void connectEnd(Call call, InetSocketAddress address, Proxy proxy, @Nullable Protocol protocol) {
        phase = "sending the upgrade request";
    }

    /** Whatever way the socket was made, by a proxy for one, it is to send at once. */
    @Override
    public void connectionAcquired(Call call, Connection connection) {
        NoDelaySockets.sendAtOnce(connection.socket());
    }

    @Override
    public void requestHeadersStart(Call call) {
        answer = null;
        upgradeBeganNanos = nanoTime.getAsLong();
    }

    @Override
    public void requestHeadersEnd(Call call, Request request) {
        phase = "waiting for the answer to the upgrade request";
    }

    @Override
    public void responseHeadersEnd(Call call, Response response) {
        ConnectionHeader.simplify(response);
        answer = response;
    }
}
