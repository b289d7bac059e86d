package io.genericpool.websocket.internal.knobs;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** Reads the Retry-After header of a refusal (RFC 9110, 10.2.3): seconds, or a date in one of three forms. */
public final class RetryAfter {
    /** More digits than this are more seconds than any bound. */
    private static final int MOST_DIGITS = 18;

    private static final DateTimeFormatter FIXED =
            DateTimeFormatter.ofPattern("EEE, d MMM uuuu HH:mm:ss 'GMT'", Locale.US);
    private static final DateTimeFormatter ASCTIME =
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss uuuu", Locale.US);

    private RetryAfter() {}

    /**
     * The time from now that a server asks for.
     *
     * @param header returns a header of its answer
     * @return at most the longest; zero when it asks for none, or for something that cannot be read
     */
    public static Duration of(Function<String, Optional<String>> header, Duration longest) {
        Optional<String> value = header.apply("retry-after");
        // The server's own clock, where it tells it: its date is by that one.
        Instant now = header.apply("date")
                .flatMap(date -> dateOf(date, Instant.now()))
                .orElseGet(Instant::now);
        return value.map(text -> parse(text, now, longest)).orElse(Duration.ZERO);
    }

    public static Duration parse(String value, Instant now, Duration longest) {
        String text = value.strip();
        Duration asked = text.isEmpty() || !text.chars().allMatch(c -> c >= '0' && c <= '9')
                ? dateOf(text, now).map(date -> Duration.between(now, date)).orElse(Duration.ZERO)
                : secondsOf(text);
        if (asked.isNegative()) {
            return Duration.ZERO;
        }
        return asked.compareTo(longest) < 0 ? asked : longest;
    }

    private static Duration secondsOf(String digits) {
        String significant = digits.replaceFirst("^0+(?=.)", "");
        return Duration.ofSeconds(significant.length() > MOST_DIGITS ? Long.MAX_VALUE : Long.parseLong(significant));
    }

    private static Optional<Instant> dateOf(String text, Instant now) {
        for (DateTimeFormatter form : List.of(FIXED, rfc850(now), ASCTIME)) {
            try {
                return Optional.of(LocalDateTime.parse(text.strip(), form).toInstant(ZoneOffset.UTC));
            } catch (DateTimeException e) {
                // Another form, or none.
            }
        }
        return Optional.empty();
    }

    /** Two digits stand for a year that is at most 50 years ahead. */
    private static DateTimeFormatter rfc850(Instant now) {
        return new DateTimeFormatterBuilder()
                .appendPattern("EEEE, dd-MMM-")
                .appendValueReduced(
                        ChronoField.YEAR,
                        2,
                        2,
                        now.atZone(ZoneOffset.UTC).minus(49, ChronoUnit.YEARS).toLocalDate())
                .appendPattern(" HH:mm:ss 'GMT'")
                .toFormatter(Locale.US);
    }
}
