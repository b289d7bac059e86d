package io.genericpool.websocket.internal.socket;

import io.genericpool.websocket.Message;
import io.genericpool.websocket.internal.frame.CloseCodes;
import io.genericpool.websocket.internal.queue.Termination;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Receives OkHttp's callbacks for one socket and passes them to the connect attempt before the socket is open, to the
 * connection afterwards. Nothing may escape from here: OkHttp leaves a socket whose listener threw an Error half alive.
 * Neither may an interrupt flag that code of the application has left on the thread: OkHttp would cut the socket for it.
 */
final class SocketListener extends WebSocketListener {
    private final UpgradeAttempt attempt;

    /** Written by the reader thread; a failure may be reported by another one. */
    private volatile @Nullable OkHttpConnection connection;

    private volatile boolean opened;

    SocketListener(UpgradeAttempt attempt) {
        this.attempt = attempt;
    }

    @Override
    public void onOpen(WebSocket socket, Response response) {
        opened = true;
        try {
            connection = attempt.opened(socket, response);
        } catch (Throwable t) {
            attempt.failed(t, null);
            socket.cancel();
        } finally {
            clearInterrupt();
        }
    }

    private static void clearInterrupt() {
        boolean unused = Thread.interrupted();
    }

    @Override
    public void onMessage(WebSocket socket, String text) {
        received(socket, Message.text(text));
    }

    @Override
    public void onMessage(WebSocket socket, ByteString bytes) {
        received(socket, attempt.messages().binary(bytes));
    }

    private void received(WebSocket socket, Message message) {
        OkHttpConnection open = connection;
        try {
            if (open != null) {
                open.received(message);
            }
        } catch (Throwable t) {
            abandon(socket, open, t);
        } finally {
            clearInterrupt();
        }
    }

    @Override
    public void onClosing(WebSocket socket, int code, String reason) {
        OkHttpConnection open = connection;
        try {
            if (open != null) {
                open.peerClosing(code, reason);
            } else {
                // Refused by this side already; without a close from this side OkHttp would never end its writer.
                socket.close(CloseCodes.NORMAL, null);
                socket.cancel();
            }
        } catch (Throwable t) {
            abandon(socket, open, t);
        }
    }

    @Override
    public void onClosed(WebSocket socket, int code, String reason) {
        OkHttpConnection open = connection;
        if (open != null) {
            open.gone(Termination.byPeer(code, reason));
        }
    }

    @Override
    public void onFailure(WebSocket socket, Throwable failure, @Nullable Response response) {
        OkHttpConnection open = connection;
        if (open != null) {
            // OkHttp cuts it right after this; but code that hears that it is gone may count on that.
            socket.cancel();
            open.gone(Termination.failed(failure));
        } else if (opened) {
            attempt.failed(failure, response);
        } else {
            attempt.neverOpened(failure, response);
        }
    }

    private static void abandon(WebSocket socket, @Nullable OkHttpConnection open, Throwable failure) {
        if (open != null) {
            open.fail(Termination.failed(failure));
        }
        socket.cancel();
    }
}
