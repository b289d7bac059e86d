package io.genericpool.benchmarks.websocket;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import org.jspecify.annotations.Nullable;

/**
 * OkHttp alone, with the least that a caller who waits for a reply needs: a field and an unpark. No timeout, no queue, no
 * limit.
 */
final class RawSocket extends WebSocketListener implements AutoCloseable {
    private final CountDownLatch settled = new CountDownLatch(1);
    private final WebSocket socket;
    private volatile @Nullable Thread caller;
    private volatile @Nullable String reply;
    private volatile @Nullable Throwable failure;

    RawSocket(OkHttpClient client, String uri) throws InterruptedException {
        socket = client.newWebSocket(
                new Request.Builder().url(uri.replaceFirst("^ws", "http")).build(), this);
        settled.await();
        check();
    }

    String ask(String text) {
        reply = null;
        caller = Thread.currentThread();
        socket.send(text);
        String answer = reply;
        while (answer == null) {
            check();
            LockSupport.park(this);
            answer = reply;
        }
        return answer;
    }

    private void check() {
        if (failure != null) {
            throw new IllegalStateException(failure);
        }
    }

    @Override
    public void onOpen(WebSocket opened, Response response) {
        settled.countDown();
    }

    @Override
    public void onMessage(WebSocket from, String text) {
        reply = text;
        LockSupport.unpark(caller);
    }

    @Override
    public void onFailure(WebSocket from, Throwable cause, @Nullable Response response) {
        failure = cause;
        settled.countDown();
        LockSupport.unpark(caller);
    }

    @Override
    public void close() {
        socket.close(1000, null);
    }
}
