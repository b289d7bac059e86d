package io.genericpool.websocket;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/** The headers that a builder was told of, from wherever they come. Not thread-safe; what it gives is. */
final class HeaderSources {
    private final Map<String, Supplier<String>> suppliers = new LinkedHashMap<>();
    private HandshakeHeaders source = endpoint -> Map.of();

    void add(String header, Supplier<String> value) {
        HandshakeRequest.checkHeaderName(header);
        suppliers.put(header, Objects.requireNonNull(value, "value"));
    }

    void set(HandshakeHeaders headers) {
        source = Objects.requireNonNull(headers, "headers");
    }

    /** In addition to those set, which take precedence. */
    void add(HandshakeHeaders headers) {
        HandshakeHeaders before = source;
        source = endpoint -> {
            var all = new LinkedHashMap<>(headers.headersFor(endpoint));
            all.putAll(before.headersFor(endpoint));
            return all;
        };
    }

    /** All of them as they are now; later changes have no effect on it. */
    HandshakeHeaders all() {
        var fixed = new LinkedHashMap<>(suppliers);
        HandshakeHeaders byEndpoint = source;
        return endpoint -> {
            var all = new LinkedHashMap<String, String>();
            for (var header : fixed.entrySet()) {
                all.put(header.getKey(), header.getValue().get());
            }
            for (var header : byEndpoint.headersFor(endpoint).entrySet()) {
                all.keySet().removeIf(other -> other.equalsIgnoreCase(header.getKey()));
                all.put(header.getKey(), header.getValue());
            }
            return all;
        };
    }
}
