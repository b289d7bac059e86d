package io.genericpool.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.websocket.internal.knobs.RetryAfter;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
    private static final Duration BOUND = Duration.ofMinutes(5);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | 0",
                "1 | 1",
                "007 | 7",
                " 120 | 120",
                "299 | 299",
                "Mon, 30 Nov 2026 12:01:30 GMT | 90",
                "Monday, 30-Nov-26 12:01:30 GMT | 90",
                "Mon Nov 30 12:01:30 2026 | 90",
                "Mon, 30 Nov 2026 11:59:00 GMT | 0",
                "Wed, 21 Oct 2015 07:28:00 GMT | 0",
                "Sunday, 06-Nov-94 08:49:37 GMT | 0",
                "Sun Nov  6 08:49:37 1994 | 0",
            })
    void readsSecondsAndDatesInAllForms(String value, long seconds) {
        assertThat(RetryAfter.parse(value, NOW, BOUND)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "301",
                "86400",
                "31536000",
                "2147483648",
                "99999999999999",
                "9223372036854775807",
                "9223372036854775808",
                "99999999999999999999999999999999999999",
                "Thu, 31 Dec 2099 23:59:59 GMT",
                "Fri, 31 Dec 9999 23:59:59 GMT",
                "Thursday, 31-Dec-76 23:59:59 GMT"
            })
    void limitsWhatAServerMayAskFor(String value) {
        assertThat(RetryAfter.parse(value, NOW, BOUND)).isEqualTo(BOUND);
        assertThat(RetryAfter.parse(value, NOW, Duration.ZERO)).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "soon",
                "-1",
                "-99999999999999999999",
                "+5",
                "1.5",
                "1e3",
                "0x10",
                "5 s",
                "\u0661",
                "Mon, 30 Nov 2026",
                "Mon, 99 Nov 2026 12:01:30 GMT",
                "Mon, 30 Nov 99999999999 12:01:30 GMT",
                "2026-11-30T12:01:30Z"
            })
    void takesWhatCannotBeReadForNothing(String value) {
        assertThat(RetryAfter.parse(value, NOW, BOUND)).isZero();
    }

    private static WebSocketHandshakeException refusal(Map<String, List<String>> headers) {
        return new WebSocketHandshakeException("refused", null, 503, headers, "");
    }

    @Test
    void countsADateByTheServersOwnClock() {
        var refusal = refusal(Map.of(
                "date",
                List.of("Tue, 01 Jan 2030 00:00:00 GMT"),
                "retry-after",
                List.of("Tue, 01 Jan 2030 00:00:20 GMT")));
        assertThat(Retry.attempts(1).retryAfter(refusal)).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void findsARefusalBehindOtherExceptions() {
        var refusal = refusal(Map.of("retry-after", List.of("7")));
        assertThat(Retry.attempts(1).retryAfter(new IOException(new IllegalStateException(refusal))))
                .isEqualTo(Duration.ofSeconds(7));
        assertThat(Retry.attempts(1).retryAfter(null)).isZero();
        assertThat(Retry.attempts(1).retryAfter(new IOException())).isZero();
    }

    @Test
    void hasABoundThatCanBeSet() {
        var refusal = refusal(Map.of("retry-after", List.of("86400")));
        Retry retry = Retry.attempts(3);
        assertThat(retry.retryAfter(refusal)).isEqualTo(Duration.ofMinutes(5));
        assertThat(retry.maxRetryAfter(Duration.ofHours(1)).retryAfter(refusal)).isEqualTo(Duration.ofHours(1));
        assertThat(retry.maxRetryAfter(Duration.ofDays(2))
                        .backoff(Duration.ofSeconds(1), Duration.ofSeconds(2))
                        .fatalStatuses(401)
                        .retryAfter(refusal))
                .isEqualTo(Duration.ofDays(1));
        assertThat(retry.maxRetryAfter(Duration.ZERO).retryAfter(refusal)).isZero();
        assertThatThrownBy(() -> retry.maxRetryAfter(Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("maxRetryAfter")
                .hasMessageContaining("-1 ms");
    }

    @Test
    void looksForAHopelessFailureInACircleWithoutEnd() {
        var one = new IOException("one");
        var other = new IOException("other", one);
        one.initCause(other);
        assertThat(Retry.attempts(1).isHopeless(one)).isFalse();
        assertThat(Retry.attempts(1).retryAfter(one)).isZero();
    }
}
