package io.genericpool.websocket.internal.handshake;

import io.genericpool.websocket.HandshakeHeaders;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/** The headers that a builder was told of, fixed ones and those of suppliers. Not thread-safe; what it gives is. */
final class HeaderSources {
    private final Map<String, Supplier<String>> suppliers = new LinkedHashMap<>();
    private HandshakeHeaders source = endpoint -> Map.of();

    void add(String header, Supplier<String> value) {
        HeaderRules.checkName(header);
        suppliers.put(header, Objects.requireNonNull(value, "value"));
    }

    void set(HandshakeHeaders headers) {
        source = Objects.requireNonNull(headers, "headers");
    }

    /** All of them as they are now, with more in addition, over which they take precedence. Later changes have no effect. */
    HandshakeHeaders and(HandshakeHeaders more) {
        var fixed = new LinkedHashMap<>(suppliers);
        HandshakeHeaders byEndpoint = source;
        return endpoint -> {
            var all = new LinkedHashMap<String, String>();
            for (var header : fixed.entrySet()) {
                put(all, header.getKey(), header.getValue().get());
            }
            putAll(all, more.headersFor(endpoint));
            putAll(all, byEndpoint.headersFor(endpoint));
            return all;
        };
    }

    private static void putAll(Map<String, String> all, Map<String, String> more) {
        Objects.requireNonNull(more, "the source of headers returned null")
                .forEach((name, value) -> put(all, name, value));
    }

    /** Names are compared without regard to case, and a later one takes precedence. */
    private static void put(Map<String, String> all, String name, String value) {
        HeaderRules.checkName(name);
        HeaderRules.checkValue(name, value);
        all.keySet().removeIf(other -> other.equalsIgnoreCase(name));
        all.put(name, value);
    }
}
