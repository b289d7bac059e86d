package io.genericpool.console.internal.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions on a clock that the test moves on. */
class SessionsTest {
    private static final String TOKEN = "correct-horse-battery";

    /** Its origin is arbitrary, so it may be about to overflow. */
    private final AtomicLong now =
            new AtomicLong(Long.MAX_VALUE - Duration.ofHours(1).toNanos());

    private final Sessions sessions = new Sessions(TOKEN, 8090, now::get);

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private static Headers headers(String name, String value) {
        var headers = new Headers();
        headers.add(name, value);
        return headers;
    }

    private static String pair(String setCookie) {
        return setCookie.substring(0, setCookie.indexOf(';'));
    }

    private boolean admitsCookie(String pair) {
        return sessions.admits(headers("Cookie", pair));
    }

    @Test
    void aSessionEndsAfterTwelveHoursHoweverOftenItIsUsed() {
        String setCookie = sessions.begin();
        String cookie = pair(setCookie);
        for (int hour = 0; hour < 12; hour++) {
            assertThat(admitsCookie(cookie)).isTrue();
            pass(Duration.ofHours(1));
        }
        assertThat(admitsCookie(cookie)).isTrue();
        pass(Duration.ofNanos(1));
        assertThat(admitsCookie(cookie)).isFalse();
        pass(Duration.ofHours(-6));
        assertThat(admitsCookie(cookie)).as("it is forgotten, not just refused").isFalse();
        assertThat(setCookie).as("the browser forgets it as well").endsWith("Max-Age=43200");
    }

    @Test
    void eachSessionHasATimeOfItsOwn() {
        String first = pair(sessions.begin());
        pass(Duration.ofHours(7));
        String second = pair(sessions.begin());
        pass(Duration.ofHours(6));
        assertThat(admitsCookie(first)).isFalse();
        assertThat(admitsCookie(second)).isTrue();
        assertThat(admitsCookie(first + "; " + second)).isTrue();
    }

    @Test
    void theOldestOfTooManySessionsEnds() {
        String first = pair(sessions.begin());
        String second = pair(sessions.begin());
        for (int i = 0; i < 63; i++) {
            sessions.begin();
        }
        assertThat(admitsCookie(first)).isFalse();
        assertThat(admitsCookie(second)).isTrue();
    }

    @Test
    void wrongTokensCountForAMinute() {
        for (int i = 0; i < 10; i++) {
            assertThat(sessions.check("guess " + i)).isEqualTo(Sessions.Login.WRONG);
            pass(Duration.ofSeconds(3));
        }
        assertThat(sessions.check("guess 10")).isEqualTo(Sessions.Login.TOO_MANY);
        assertThat(sessions.check(TOKEN)).isEqualTo(Sessions.Login.RIGHT);
        pass(Duration.ofSeconds(30));
        assertThat(sessions.check("guess 11")).as("the first is a minute old").isEqualTo(Sessions.Login.TOO_MANY);
        pass(Duration.ofNanos(1));
        assertThat(sessions.check("guess 12")).isEqualTo(Sessions.Login.WRONG);
        assertThat(sessions.check("guess 13")).isEqualTo(Sessions.Login.TOO_MANY);
    }

    @Test
    void theTokenOfAProgramDoesNotExpire() {
        Headers right = headers("Authorization", "Bearer " + TOKEN);
        pass(Duration.ofDays(400));
        assertThat(sessions.admits(right)).isTrue();
    }

    @Test
    void withoutATokenNoSessionIsNeeded() {
        assertThat(new Sessions(null, 8090, now::get).admits(new Headers())).isTrue();
    }

    /** A browser sends the cookies of a host to all its ports. */
    @ParameterizedTest
    @ValueSource(ints = {8091, 809, 80900})
    void aSessionIsOfOneConsoleThoughBrowsersSendItsCookieToAllPorts(int port) {
        var other = new Sessions(TOKEN, port, now::get);
        String cookie = pair(sessions.begin());
        String id = cookie.substring(cookie.indexOf('=') + 1);
        assertThat(admitsCookie(cookie)).isTrue();
        assertThat(other.admits(headers("Cookie", cookie))).isFalse();
        assertThat(other.admits(headers("Cookie", "pool-console-" + port + "=" + id)))
                .as("under the other's name")
                .isFalse();
        String both = cookie + "; " + pair(other.begin());
        assertThat(admitsCookie(both)).isTrue();
        assertThat(other.admits(headers("Cookie", both)))
                .as("neither console ends the other's session")
                .isTrue();
    }

    @Test
    void aCodeIsGoodForOneMinuteAndOnce() {
        var confirmations = new Confirmations(now::get);
        var change = new Change("really?", () -> {});
        String code = confirmations.add(change);
        pass(Duration.ofMinutes(1));
        assertThat(confirmations.take(code)).contains(change);
        assertThat(confirmations.take(code)).isEmpty();
        String late = confirmations.add(change);
        pass(Duration.ofMinutes(1).plusNanos(1));
        assertThat(confirmations.take(late)).isEmpty();
    }
}
