package io.genericpool.console.internal.web;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.genericpool.console.internal.feed.Feed;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Answers each request: first whether it may be asked at all, then what it asks for. */
final class Requests implements HttpHandler {
    /** No script, style, picture or connection but the console's own, and in no frame. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            + "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
            + "require-trusted-types-for 'script'";

    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy", POLICY,
            "X-Content-Type-Options", "nosniff",
            "X-Frame-Options", "DENY",
            // Not no-referrer: a browser would then send the login form with the origin "null".
            "Referrer-Policy", "same-origin",
            "Cross-Origin-Opener-Policy", "same-origin",
            "Cross-Origin-Resource-Policy", "same-origin",
            "Cache-Control", "no-store");

    private static final Set<String> POSTS = Set.of("/login", "/seen", "/actions/ask", "/actions/confirm");

    private final Guard guard;
    private final Sessions sessions;
    private final Assets assets = new Assets();
    private final Feed feed;
    private final Actions actions;
    private final EventStream stream;
    private final boolean allowActions;

    Requests(WebSettings settings, int port, Feed feed, Workers workers, LongSupplier nanos) {
        this.guard = new Guard(settings.address().getAddress(), port, settings.hosts());
        this.sessions = new Sessions(settings.token(), port, nanos);
        this.feed = feed;
        this.actions = new Actions(feed, nanos);
        this.allowActions = settings.allowActions();
        this.stream = new EventStream(feed, workers, allowActions, actions.secret);
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            HEADERS.forEach(exchange.getResponseHeaders()::set);
            Reply refusal = refusal(exchange);
            if (refusal != null) {
                send(exchange, refusal);
            } else if (path(exchange).equals("/events")) {
                Headers headers = exchange.getRequestHeaders();
                if (!stream.serve(exchange, () -> sessions.admits(headers))) {
                    send(exchange, Reply.text(503, "too many readers; close another page of this console"));
                }
            } else {
                send(exchange, answer(exchange));
            }
        }
    }

    private static String path(HttpExchange exchange) {
        return exchange.getRequestURI().getPath();
    }

    private @Nullable Reply refusal(HttpExchange exchange) {
        String path = path(exchange);
        String method = exchange.getRequestMethod();
        boolean reads = method.equals("GET") || method.equals("HEAD");
        Headers headers = exchange.getRequestHeaders();
        Reply foreign = guard.refusal(headers, reads && path.equals("/"));
        if (foreign != null) {
            return foreign;
        }
        if (POSTS.contains(path) ? !method.equals("POST") : !reads) {
            return Reply.text(405, "this method is not allowed here")
                    .with("Allow", POSTS.contains(path) ? "POST" : "GET, HEAD");
        }
        if (path.equals("/login") || sessions.admits(headers)) {
            return null;
        }
        return path.equals("/") ? login(401) : Reply.text(401, "this console needs its token");
    }

    private Reply login(int status) {
        return Reply.of(status, asset("login.html"));
    }

    private Assets.Asset asset(String name) {
        Assets.Asset asset = assets.get(name);
        if (asset == null) {
            throw new IllegalStateException("no asset " + name);
        }
        return asset;
    }

    private Reply answer(HttpExchange exchange) throws IOException {
        try {
            return switch (path(exchange)) {
                case "/" -> Reply.of(200, asset("index.html"));
                case "/login" -> login(exchange);
                case "/seen" -> seen(exchange);
                case "/actions/ask" -> allowActions ? actions.ask(exchange) : readOnly();
                case "/actions/confirm" -> allowActions ? actions.confirm(exchange) : readOnly();
                default -> file(path(exchange).substring(1));
            };
        } catch (IllegalArgumentException e) {
            return Reply.text(400, String.valueOf(e.getMessage()));
        }
    }

    private Reply file(String name) {
        Assets.Asset asset = name.endsWith(".html") ? null : assets.get(name);
        return asset == null ? Reply.text(404, "there is nothing here") : Reply.of(200, asset);
    }

    private static Reply readOnly() {
        return Reply.text(403, "this console is read-only; PoolConsoleBuilder.allowActions lets it change pools");
    }

    private Reply seen(HttpExchange exchange) throws IOException {
        feed.seen(Form.of(exchange).get("reader"));
        return Reply.empty(204, Map.of());
    }

    private Reply login(HttpExchange exchange) throws IOException {
        return switch (sessions.check(Form.of(exchange).get("token"))) {
            case RIGHT -> Reply.empty(303, Map.of("Location", "./", "Set-Cookie", sessions.begin()));
            case WRONG -> login(403);
            case TOO_MANY -> Reply.text(429, "too many wrong tokens; wait a minute");
        };
    }

    private static void send(HttpExchange exchange, Reply reply) throws IOException {
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Type", reply.type());
        reply.headers().forEach(headers::set);
        boolean bodyless =
                reply.body().length == 0 || exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(reply.status(), bodyless ? -1 : reply.body().length);
        if (!bodyless) {
            exchange.getResponseBody().write(reply.body());
        }
    }
}
