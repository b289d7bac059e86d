package io.genericpool.console;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;

/** One page of a {@link Browser}, and what went wrong on it. */
final class BrowserPage implements AutoCloseable {
    /** Tasks of the main thread that took 50 ms or more, as the browser itself reports them. */
    private static final String WATCH_LONG_TASKS =
            "window.longTasks = []; new PerformanceObserver(list => list.getEntries().forEach(entry => "
                    + "longTasks.push([Math.round(entry.startTime), Math.round(entry.duration)])))"
                    + ".observe({type: 'longtask', buffered: true});";

    private final Browser browser;
    private final String target;
    private final String session;
    private final List<String> errors = new CopyOnWriteArrayList<>();

    BrowserPage(Browser browser, String target, String session, int width, int height, boolean dark) throws Exception {
        this.browser = browser;
        this.target = target;
        this.session = session;
        browser.listen(this::hear);
        call("Performance.enable", Map.of("timeDomain", "threadTicks"));
        for (String domain : List.of("Page", "Runtime", "Log", "Accessibility")) {
            call(domain + ".enable", Map.of());
        }
        call(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
        call(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
        call("Page.addScriptToEvaluateOnNewDocument", Map.of("source", WATCH_LONG_TASKS));
    }

    private void hear(JsonNode message) {
        if (!message.path("sessionId").asText().equals(session)) {
            return;
        }
        JsonNode parameters = message.path("params");
        switch (message.path("method").asText()) {
            case "Runtime.exceptionThrown" -> errors.add(parameters.toString());
            case "Log.entryAdded" -> {
                if (parameters.path("entry").path("level").asText().equals("error")) {
                    errors.add(parameters.toString());
                }
            }
            case "Runtime.consoleAPICalled" -> {
                if (parameters.path("type").asText().matches("error|warning|assert")) {
                    errors.add(parameters.toString());
                }
            }
            default -> {}
        }
    }

    JsonNode call(String method, Map<String, ?> parameters) throws Exception {
        return browser.call(session, method, parameters);
    }

    /** Uncaught exceptions, messages of the console, and what the browser refused to load. */
    List<String> errors() {
        return errors;
    }

    void open(URI address) throws Exception {
        call("Page.navigate", Map.of("url", address.toString()));
    }

    JsonNode evaluate(String script) throws Exception {
        JsonNode result =
                call("Runtime.evaluate", Map.of("expression", script, "returnByValue", true, "awaitPromise", true));
        if (result.has("exceptionDetails")) {
            throw new AssertionError(script + ": " + result.get("exceptionDetails"));
        }
        return result.path("result").path("value");
    }

    String text(String selector) throws Exception {
        return evaluate("document.querySelector('" + selector + "')?.textContent ?? ''")
                .asText();
    }

    void await(String condition) {
        Awaitility.await(condition)
                .ignoreExceptions()
                .atMost(java.time.Duration.ofSeconds(40))
                .until(() -> evaluate("Boolean(" + condition + ")").asBoolean());
    }

    void click(String selector) throws Exception {
        JsonNode at = evaluate("(() => { const box = document.querySelector('" + selector
                + "').getBoundingClientRect(); return {x: box.x + box.width / 2, y: box.y + box.height / 2}; })()");
        for (String type : List.of("mousePressed", "mouseReleased")) {
            call(
                    "Input.dispatchMouseEvent",
                    Map.of(
                            "type",
                            type,
                            "x",
                            at.get("x").asDouble(),
                            "y",
                            at.get("y").asDouble(),
                            "button",
                            "left",
                            "clickCount",
                            1));
        }
    }

    /** A key as DevTools names it, with its code for Windows. */
    void press(String key, int code) throws Exception {
        for (String type : List.of("rawKeyDown", "keyUp")) {
            call(
                    "Input.dispatchKeyEvent",
                    Map.of("type", type, "key", key, "code", key, "windowsVirtualKeyCode", code));
        }
    }

    void type(String text) throws Exception {
        call("Input.insertText", Map.of("text", text));
    }

    /** The page's counters of the main thread, in seconds. */
    Map<String, Double> metrics() throws Exception {
        var metrics = new HashMap<String, Double>();
        for (JsonNode metric : call("Performance.getMetrics", Map.of()).get("metrics")) {
            metrics.put(metric.get("name").asText(), metric.get("value").asDouble());
        }
        return metrics;
    }

    void screenshot(Path file) throws Exception {
        JsonNode shot = call("Page.captureScreenshot", Map.of("format", "png"));
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, Base64.getDecoder().decode(shot.get("data").asText()));
    }

    @Override
    public void close() throws Exception {
        browser.call(null, "Target.closeTarget", Map.of("targetId", target));
    }
}
