package io.genericpool.tcp.internal.connect;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;
import tlschannel.NeedsTaskException;

/** Connects a socket without waiting; or, where the target says so, on a thread that waits. */
final class ConnectStep implements Step {
    private final SocketChannel channel;
    private final Target target;
    private boolean begun;
    /** Written by the thread that waits, which then runs this step again. */
    private @Nullable IOException failure;

    ConnectStep(SocketChannel channel, Target target) {
        this.channel = channel;
        this.target = target;
    }

    @Override
    public void run() throws IOException {
        if (!begun) {
            begun = true;
            if (target.mayHoldAThread()) {
                throw new NeedsTaskException(this::connectWaiting);
            }
            channel.configureBlocking(false);
            if (channel.connect(target.address())) {
                return;
            }
        }
        if (failure != null) {
            throw failure;
        }
        if (!channel.isConnected() && !channel.finishConnect()) {
            throw new ConnectPendingException();
        }
    }

    private void connectWaiting() {
        try {
            channel.connect(target.address());
            channel.configureBlocking(false);
        } catch (IOException e) {
            failure = e;
        }
    }
}
