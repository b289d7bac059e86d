package io.genericpool.websocket;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** Reads the Retry-After header of a refusal: seconds, or a date. */
final class RetryAfter {
    private RetryAfter() {}

    /** The time from now, zero when no server asks for one, or for something that cannot be read. */
    static Duration of(@Nullable Throwable failure) {
        return failure instanceof WebSocketHandshakeException refused ? of(refused) : Duration.ZERO;
    }

    private static Duration of(WebSocketHandshakeException refused) {
        return refused.header("retry-after")
                .map(String::strip)
                .map(RetryAfter::parse)
                .orElse(Duration.ZERO);
    }

    static Duration parse(String value) {
        try {
            if (value.chars().allMatch(Character::isDigit)) {
                return Duration.ofSeconds(Long.parseLong(value));
            }
            Instant when = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            Duration left = Duration.between(Instant.now(), when);
            return left.isNegative() ? Duration.ZERO : left;
        } catch (NumberFormatException | DateTimeParseException e) {
            return Duration.ZERO;
        }
    }
}
