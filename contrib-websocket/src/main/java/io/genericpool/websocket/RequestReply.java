package io.genericpool.websocket;

import io.genericpool.support.Nanos;
import java.time.Duration;
import java.util.function.Predicate;

/** A message and its answer. */
final class RequestReply {
    private RequestReply() {}

    static Message request(
            WebSocketConnection connection, Message message, Predicate<? super Message> isAnswer, Duration timeout) {
        long nanos = Nanos.ofTimeout(timeout);
        long deadline = System.nanoTime() + nanos;
        connection.send(message);
        while (true) {
            long left = Nanos.isOff(nanos) ? nanos : Math.max(0, deadline - System.nanoTime());
            Message answer;
            try {
                answer = connection.receive(Duration.ofNanos(left));
            } catch (WebSocketTimeoutException e) {
                throw new WebSocketTimeoutException(
                        "no answer arrived from " + connection.endpoint() + " within " + Nanos.text(timeout),
                        timeout,
                        e);
            }
            if (isAnswer.test(answer)) {
                return answer;
            }
        }
    }
}
