package io.genericpool.console.internal.web;

import com.sun.net.httpserver.HttpExchange;
import io.genericpool.console.internal.feed.Feed;
import io.genericpool.console.internal.feed.Frames;
import io.genericpool.support.SafeText;
import java.io.IOException;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Changes of the pools: asked for by one request, made by a second one that repeats a code from the first one's answer. Both
 * need a header that only the console's own page can send.
 */
final class Actions {
    static final String HEADER = "X-Pool-Console";

    private static final System.Logger LOG = System.getLogger(Actions.class.getName());

    /** The value of the header, which the page learns from its stream. */
    final String secret = Sessions.newSecret();

    private final Feed feed;
    private final Confirmations confirmations;

    Actions(Feed feed, LongSupplier nanos) {
        this.feed = feed;
        this.confirmations = new Confirmations(nanos);
    }

    Reply ask(HttpExchange exchange) throws IOException {
        if (!hasSecret(exchange)) {
            return lacksHeader();
        }
        Change change = Change.of(feed.pools(), Form.of(exchange));
        String code = confirmations.add(change);
        return Reply.json(Frames.object(json -> {
            json.writeStringField("question", change.question());
            json.writeStringField("code", code);
        }));
    }

    Reply confirm(HttpExchange exchange) throws IOException {
        if (!hasSecret(exchange)) {
            return lacksHeader();
        }
        Optional<Change> change = confirmations.take(Form.of(exchange).get("code"));
        if (change.isEmpty()) {
            return Reply.text(409, "the code is unknown, used or older than a minute; ask again");
        }
        LOG.log(
                System.Logger.Level.INFO,
                "confirmed in the console: " + change.get().question());
        try {
            change.get().action().run();
        } catch (RuntimeException e) {
            return Reply.text(409, "the pool refused: " + SafeText.messageOf(e));
        }
        return Reply.json(Frames.object(json -> json.writeBooleanField("done", true)));
    }

    private boolean hasSecret(HttpExchange exchange) {
        String value = exchange.getRequestHeaders().getFirst(HEADER);
        return value != null && Sessions.isSame(value, secret);
    }

    private static Reply lacksHeader() {
        return Reply.text(403, "the header " + HEADER + " is missing or wrong");
    }
}
