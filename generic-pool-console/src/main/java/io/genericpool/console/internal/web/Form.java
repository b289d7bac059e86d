package io.genericpool.console.internal.web;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The fields of a form that was sent. */
final class Form {
    private static final int LONGEST = 4_096;

    private final Map<String, String> fields = new HashMap<>();

    private Form() {}

    /** Reads the body; throws {@link IllegalArgumentException} when it is too long or no form. */
    static Form of(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(LONGEST + 1);
        if (body.length > LONGEST) {
            throw new IllegalArgumentException("the request body must be at most " + LONGEST + " bytes long");
        }
        var form = new Form();
        for (String pair : new String(body, StandardCharsets.UTF_8).split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                form.fields.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
            }
        }
        return form;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /** Empty when the form lacks it. */
    String get(String name) {
        return fields.getOrDefault(name, "");
    }

    int number(String name) {
        try {
            return Integer.parseInt(get(name));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " must be a whole number", e);
        }
    }
}
