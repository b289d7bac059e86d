package io.genericpool.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Reads the console's stream as a browser does. */
public final class EventReader implements AutoCloseable {
    private final HttpURLConnection connection;
    private final BufferedReader lines;
    public final int status;

    public record Event(String name, JsonNode data) {}

    EventReader(URI console) throws IOException {
        this(console, "");
    }

    public EventReader(URI console, String cookie) throws IOException {
        connection = (HttpURLConnection) console.resolve("events").toURL().openConnection();
        connection.setRequestProperty("Cookie", cookie);
        connection.setReadTimeout(30_000);
        status = connection.getResponseCode();
        InputStream body = status == 200 ? connection.getInputStream() : InputStream.nullInputStream();
        lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    }

    /** The next event; null at the end of the stream. */
    public Event next() throws IOException {
        String name = "";
        String data = "";
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("event: ")) {
                name = line.substring(7);
            } else if (line.startsWith("data: ")) {
                data = line.substring(6);
            } else if (line.isEmpty() && !name.isEmpty()) {
                return new Event(name, new ObjectMapper().readTree(data));
            }
        }
        return null;
    }

    /** The data of the next event of that name. */
    public JsonNode next(String name) throws IOException {
        for (Event event = next(); event != null; event = next()) {
            if (event.name().equals(name)) {
                return event.data();
            }
        }
        throw new AssertionError("the stream has ended without " + name);
    }

    @Override
    public void close() throws IOException {
        connection.disconnect();
        lines.close();
    }
}
