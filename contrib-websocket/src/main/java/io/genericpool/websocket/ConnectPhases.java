package io.genericpool.websocket;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.util.List;
import java.util.function.LongSupplier;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.Handshake;
import okhttp3.Protocol;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/** What a connect is busy with, for the message of one that takes too long; and when it asked for the upgrade. */
final class ConnectPhases extends EventListener {
    private final LongSupplier nanoTime;
    private volatile String phase = "waiting for the source of headers";
    private volatile long upgradeBeganNanos;

    ConnectPhases(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.upgradeBeganNanos = nanoTime.getAsLong();
    }

    /** When the upgrade was asked for, the last time if a proxy or the server wanted to be asked again. */
    long upgradeBeganNanos() {
        return upgradeBeganNanos;
    }

    String phase() {
        return phase;
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

    @Override
    public void requestHeadersStart(Call call) {
        upgradeBeganNanos = nanoTime.getAsLong();
    }

    @Override
    public void requestHeadersEnd(Call call, Request request) {
        phase = "waiting for the answer to the upgrade request";
    }
}
