package io.genericpool.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A real Chromium without a window, driven by its DevTools protocol. */
final class Browser implements AutoCloseable {
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");
    private static final Pattern LISTENING = Pattern.compile("DevTools listening on (ws://\\S+)");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long PATIENCE = 60;

    private final Process process;
    private final Path profile;
    private final WebSocket socket;
    private final AtomicInteger lastId = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> calls = new ConcurrentHashMap<>();
    private final List<Consumer<JsonNode>> listeners = new java.util.concurrent.CopyOnWriteArrayList<>();

    /** The browser of this machine, if it has one. */
    static Optional<Path> installed() {
        String path = System.getenv().getOrDefault("PATH", "");
        return NAMES.stream()
                .flatMap(name -> Stream.of(path.split(File.pathSeparator)).map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    Browser(Path executable) throws Exception {
        profile = Files.createTempDirectory("console-browser");
        process = new ProcessBuilder(command(executable))
                .redirectErrorStream(true)
                .start();
        socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create(debugAddress()), new Answers())
                .get(PATIENCE, TimeUnit.SECONDS);
    }

    private List<String> command(Path executable) {
        var command = new ArrayList<>(List.of(
                executable.toString(),
                "--headless=new",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-component-update",
                "--no-first-run",
                "--hide-scrollbars"));
        if (System.getProperty("user.name").equals("root")) {
            command.add("--no-sandbox"); // Chromium's sandbox refuses to work for root
        }
        command.add("about:blank");
        return command;
    }

    private String debugAddress() throws Exception {
        var found = new CompletableFuture<String>();
        Thread reader = new Thread(() -> read(found), "browser-output");
        reader.setDaemon(true);
        reader.start();
        return found.get(PATIENCE, TimeUnit.SECONDS);
    }

    /** To the end, because a full pipe would stop the browser. */
    private void read(CompletableFuture<String> found) {
        var said = new StringBuilder();
        try (var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                var match = LISTENING.matcher(line);
                if (match.find()) {
                    found.complete(match.group(1));
                }
                said.append(line).append('\n');
            }
        } catch (IOException e) {
            said.append(e);
        }
        found.completeExceptionally(new IllegalStateException("the browser did not start: " + said));
    }

    /** Opens a page of its own, of that size, light or dark. */
    BrowserPage newPage(int width, int height, boolean dark) throws Exception {
        String target = call(null, "Target.createTarget", Map.of("url", "about:blank"))
                .get("targetId")
                .asText();
        String session = call(null, "Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                .get("sessionId")
                .asText();
        return new BrowserPage(this, target, session, width, height, dark);
    }

    void listen(Consumer<JsonNode> listener) {
        listeners.add(listener);
    }

    JsonNode call(String session, String method, Map<String, ?> parameters) throws Exception {
        int id = lastId.incrementAndGet();
        var message = new java.util.HashMap<String, Object>(Map.of("id", id, "method", method, "params", parameters));
        if (session != null) {
            message.put("sessionId", session);
        }
        var answer = new CompletableFuture<JsonNode>();
        calls.put(id, answer);
        synchronized (socket) {
            socket.sendText(JSON.writeValueAsString(message), true).get(PATIENCE, TimeUnit.SECONDS);
        }
        return answer.get(PATIENCE, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws Exception {
        try {
            socket.sendText("{\"id\":0,\"method\":\"Browser.close\"}", true).get(PATIENCE, TimeUnit.SECONDS);
        } finally {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
            socket.abort();
            try (Stream<Path> files = Files.walk(profile)) {
                files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
            } catch (UncheckedIOException e) {
                // A helper process of the browser was still writing; the folder is a temporary one.
            }
        }
    }

    private final class Answers implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                take(text.toString());
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        private void take(String message) {
            JsonNode node;
            try {
                node = JSON.readTree(message);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            CompletableFuture<JsonNode> call = calls.remove(node.path("id").asInt(-1));
            if (call == null) {
                listeners.forEach(listener -> listener.accept(node));
            } else if (node.has("error")) {
                call.completeExceptionally(
                        new IllegalStateException(node.get("error").toString()));
            } else {
                call.complete(node.get("result"));
            }
        }
    }
}
