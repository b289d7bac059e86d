package io.genericpool.websocket.internal.read;

import io.genericpool.support.Nanos;
import io.genericpool.websocket.Message;
import io.genericpool.websocket.WebSocketEndpoint;
import io.genericpool.websocket.WebSocketTimeoutException;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A message and its answer.
 *
 * @param endpoint where the answer comes from
 * @param receive receives a message within a time, as a connection does
 */
public record RequestReply(WebSocketEndpoint endpoint, Function<Duration, Message> receive) {
    /** Sends a message and returns the first received one that is its answer. */
    public Message request(Runnable send, Predicate<? super Message> isAnswer, Duration timeout) {
        long nanos = Nanos.ofTimeout(timeout);
        long deadline = System.nanoTime() + nanos;
        send.run();
        while (true) {
            long left = Nanos.isOff(nanos) ? nanos : Math.max(0, deadline - System.nanoTime());
            Message answer;
            try {
                answer = receive.apply(Duration.ofNanos(left));
            } catch (WebSocketTimeoutException e) {
                throw new WebSocketTimeoutException(
                        "no answer arrived from " + endpoint + " within " + Nanos.text(timeout), timeout, e);
            }
            if (isAnswer.test(answer)) {
                return answer;
            }
        }
    }
}
