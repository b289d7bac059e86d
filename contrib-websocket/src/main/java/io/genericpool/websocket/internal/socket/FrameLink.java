package io.genericpool.websocket.internal.socket;

import io.genericpool.websocket.internal.frame.Deflation;
import io.genericpool.websocket.internal.frame.FrameEvents;
import io.genericpool.websocket.internal.frame.FrameViolation;
import io.genericpool.websocket.internal.frame.WatchedSocket;
import io.genericpool.websocket.internal.handshake.HandshakeAnswer;
import java.io.Closeable;
import java.io.IOException;
import java.net.ProtocolException;
import java.util.List;
import okhttp3.Response;
import okio.Socket;
import org.jspecify.annotations.Nullable;

/** Ties the frames of one socket to its connection, which comes to be a little later. */
final class FrameLink implements FrameEvents {
    private static final String EXTENSIONS = "Sec-WebSocket-Extensions";

    private final int maxMessageSize;
    private final boolean offersDeflation;
    private volatile @Nullable WatchedSocket socket;
    private volatile @Nullable OkHttpConnection connection;

    FrameLink(int maxMessageSize, boolean offersDeflation) {
        this.maxMessageSize = maxMessageSize;
        this.offersDeflation = offersDeflation;
    }

    /** Puts the watch between OkHttp and the socket of an answer that agrees to the upgrade. */
    Response watch(Response response) throws IOException {
        Socket upgraded = response.socket();
        if (response.code() != 101 || upgraded == null) {
            return response;
        }
        Deflation deflation;
        try {
            HandshakeAnswer.checkSingle(response);
            deflation = Deflation.parse(response.headers(EXTENSIONS), offersDeflation);
        } catch (ProtocolException e) {
            response.close();
            abandon(upgraded);
            throw new HandshakeAnswer.WrongAnswer(e, response);
        }
        var watched = new WatchedSocket(upgraded, this, maxMessageSize, deflation);
        socket = watched;
        // OkHttp would inflate, without a limit, what the watch has inflated already.
        return response.newBuilder().removeHeader(EXTENSIONS).socket(watched).build();
    }

    /**
     * Ends a socket that was upgraded and never opened. OkHttp forgets it when the call is cancelled in between, at the
     * connect's deadline, say.
     */
    void abandon() {
        WatchedSocket watched = socket;
        if (watched != null) {
            abandon(watched);
        }
    }

    /** Cutting alone is not enough: to OkHttp, a socket whose streams are open is in use, and one that is forgotten a leak. */
    private static void abandon(Socket upgraded) {
        upgraded.cancel();
        for (Closeable stream : List.of(upgraded.getSource(), upgraded.getSink())) {
            try {
                stream.close();
            } catch (IOException e) {
                // It is cut.
            }
        }
    }

    WatchedSocket socket() {
        WatchedSocket watched = socket;
        if (watched == null) {
            throw new IllegalStateException("not upgraded");
        }
        return watched;
    }

    void connect(OkHttpConnection opened) {
        connection = opened;
    }

    @Override
    public void onMessageBegun() {
        OkHttpConnection open = connection;
        if (open != null) {
            open.messageBegun();
        }
    }

    @Override
    public void onPong(long id) {
        OkHttpConnection open = connection;
        if (open != null) {
            open.pings().onPong(id);
        }
    }

    @Override
    public void onViolation(FrameViolation violation) {
        OkHttpConnection open = connection;
        if (open != null) {
            open.violated(violation);
        }
    }

    @Override
    public void onWritten() {
        OkHttpConnection open = connection;
        if (open != null) {
            open.outbound().onWritten();
        }
    }
}
