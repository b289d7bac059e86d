package io.genericpool.examples;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.genericpool.websocket.Codec;
import io.genericpool.websocket.Message;
import java.io.UncheckedIOException;

/** Values as JSON texts, by way of Jackson. */
final class JacksonCodec<T> implements Codec<T> {
    private final ObjectMapper mapper;
    private final Class<T> type;

    JacksonCodec(ObjectMapper mapper, Class<T> type) {
        this.mapper = mapper;
        this.type = type;
    }

    @Override
    public Message encode(T value) {
        try {
            return Message.text(mapper.writeValueAsString(value));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public T decode(Message message) {
        try {
            return mapper.readValue(message.text(), type);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
