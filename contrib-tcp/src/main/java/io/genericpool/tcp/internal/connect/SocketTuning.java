package io.genericpool.tcp.internal.connect;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.SocketChannel;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is set on a socket before it connects. Immutable. */
public final class SocketTuning {
    private final Map<SocketOption<?>, Object> required;
    private final Map<SocketOption<?>, Object> wished;
    private final @Nullable SocketAddress localAddress;

    /**
     * Takes options and their values.
     *
     * @param required what fails when the socket does not know it
     * @param wished what is left out then
     */
    public SocketTuning(
            Map<SocketOption<?>, Object> required,
            Map<SocketOption<?>, Object> wished,
            @Nullable SocketAddress localAddress) {
        this.required = new LinkedHashMap<>(required);
        this.wished = new LinkedHashMap<>(wished);
        this.localAddress = localAddress;
    }

    /** Tunes a socket that was just opened; closes it when that fails. */
    public SocketChannel open(SocketChannel channel) throws IOException {
        boolean tuned = false;
        try {
            apply(channel);
            tuned = true;
            return channel;
        } finally {
            if (!tuned) {
                channel.close();
            }
        }
    }

    private void apply(SocketChannel channel) throws IOException {
        for (var option : wished.entrySet()) {
            if (channel.supportedOptions().contains(option.getKey())) {
                set(channel, option.getKey(), option.getValue());
            }
        }
        for (var option : required.entrySet()) {
            set(channel, option.getKey(), option.getValue());
        }
        if (localAddress != null) {
            channel.bind(localAddress);
        }
    }

    @SuppressWarnings("unchecked") // the builders put in values of their options' types
    private static <T> void set(SocketChannel channel, SocketOption<T> option, Object value) throws IOException {
        channel.setOption(option, (T) value);
    }
}
