package io.genericpool.websocket.internal.handshake;

import io.genericpool.websocket.WebSocketEndpoint;
import java.io.IOException;
import okhttp3.Response;

/** What an upgrade request is made for; a tag of the request. */
public interface Upgrade {
    WebSocketEndpoint endpoint();

    /** Learns what the connect is busy with. */
    ConnectPhases phases();

    /** Watches the frames of an upgraded socket. @return the answer with the watched socket */
    Response watch(Response answer) throws IOException;
}
