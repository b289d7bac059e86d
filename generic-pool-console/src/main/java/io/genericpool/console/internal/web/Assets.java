package io.genericpool.console.internal.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The files of the page, read once. */
final class Assets {
    private static final List<String> FILES = List.of(
            "index.html",
            "login.html",
            "console.css",
            "console.js",
            "model.js",
            "table.js",
            "plot.js",
            "details.js",
            "events.js",
            "groups.js",
            "format.js",
            "icon.svg");
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml");

    private final Map<String, Asset> assets = new HashMap<>();

    static final class Asset {
        final String type;
        final byte[] content;

        private Asset(String type, byte[] content) {
            this.type = type;
            this.content = content;
        }
    }

    Assets() {
        for (String name : FILES) {
            String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
            assets.put(name, new Asset(TYPES.getOrDefault(ending, "application/octet-stream"), read(name)));
        }
    }

    private static byte[] read(String name) {
        try (InputStream in = Assets.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the console's jar lacks " + name + ": build it again");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("the console cannot read " + name + " of its jar", e);
        }
    }

    @Nullable
    Asset get(String name) {
        return assets.get(name);
    }
}
