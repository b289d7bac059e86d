package io.genericpool.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The time in which a session has two connections, with a server whose every message is scripted. */
@Timeout(60)
class SessionReplacementTest {
    private final ConcurrentLinkedQueue<String> texts = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> events = new ConcurrentLinkedQueue<>();
    private final SessionListener listener = new SessionListener() {
        @Override
        public void onMessage(Message message) {
            texts.add(message.text());
        }

        @Override
        public void onGap(Object key, long lastSeen, long next) {
            events.add("gap " + key + " " + lastSeen + ".." + next);
        }

        @Override
        public void onGapFilled(Object key, long first, long last) {
            events.add("filled " + key + " " + first + ".." + last);
        }

        @Override
        public void onDisconnected(Throwable cause) {
            events.add("disconnected " + cause);
        }
    };
    private final AtomicInteger opened = new AtomicInteger();
    private final CountDownLatch oldMayGoOn = new CountDownLatch(1);
    private final CountDownLatch newMayBegin = new CountDownLatch(1);
    private final CountDownLatch newMayGoOn = new CountDownLatch(1);
    private RawPeer peer;
    private WebSocketPool pool;
    private WebSocketSession session;

    @AfterEach
    void stop() {
        session.close();
        pool.close();
        peer.close();
    }

    private WebSocketSessionBuilder builder(RawPeer.Script first, RawPeer.Script second) throws Exception {
        peer = RawPeer.start(connection -> {
            connection.upgrade();
            if (opened.getAndIncrement() == 0) {
                first.run(connection);
            } else {
                second.run(connection);
            }
            connection.drain();
        });
        pool = WebSocketPool.builder()
                .retireOn(message -> message.text().equals("GoAway"))
                .build();
        return pool.session(peer.endpoint().uri().toString(), listener);
    }

    private static void numbers(RawPeer.Connection connection, String prefix, int from, int to) throws Exception {
        for (int i = from; i <= to; i++) {
            connection.text(prefix + i);
        }
    }

    private static void endWhenItSpeaks(RawPeer.Connection connection) throws Exception {
        connection.awaitMessage();
        throw new IllegalStateException("the connection ends");
    }

    /** Once it is leased: a notice before that would cost it its first lease. */
    private void begin() {
        session.send(Message.text("begin"));
    }

    private static long number(Message message) {
        String text = message.text();
        return text.matches("[a-z][0-9]+") ? Long.parseLong(text.substring(1)) : -1;
    }

    private static List<String> range(String prefix, int from, int to) {
        return java.util.stream.IntStream.rangeClosed(from, to)
                .mapToObj(i -> prefix + i)
                .toList();
    }

    /** The old connection's messages from 3 to 20 come when the new one is subscribed and has begun with nothing. */
    private RawPeer.Script oldGoesOn(int last) {
        return connection -> {
            numbers(connection, "n", 1, 2);
            connection.awaitMessage();
            connection.text("GoAway");
            oldMayGoOn.await();
            numbers(connection, "n", 3, last);
        };
    }

    @Test
    void readsTheOldConnectionUntilTheNewOneHasDelivered() throws Exception {
        session = builder(oldGoesOn(20), connection -> {
                    newMayBegin.await();
                    numbers(connection, "n", 21, 30);
                })
                .start();
        begin();
        await().until(() -> session.reconnects() == 1);
        oldMayGoOn.countDown();
        await().until(() -> texts.contains("n20"));
        assertThat(events).isEmpty();
        newMayBegin.countDown();
        await().until(() -> texts.contains("n30"));
        assertThat(texts).filteredOn(text -> !text.equals("GoAway")).containsExactlyElementsOf(range("n", 1, 30));
        await().until(() -> events.contains("disconnected null"));
        assertThat(pool.stats().leased()).isEqualTo(1);
    }

    @Test
    void waitsForTheOldConnectionToCatchUpWhereNumbersTell() throws Exception {
        // The new one begins while 3 to 20 are still on their way on the old one.
        session = builder(oldGoesOn(21), connection -> {
                    numbers(connection, "n", 21, 30);
                })
                .replay(SessionReplacementTest::number, last -> List.of())
                .start();
        begin();
        await().until(() -> texts.contains("n30"));
        assertThat(events).isEmpty();
        oldMayGoOn.countDown();
        await().until(() -> events.contains("disconnected null"));
        assertThat(texts).filteredOn(text -> !text.equals("GoAway")).hasSize(30).containsAll(range("n", 1, 30));
        assertThat(events).containsExactly("disconnected null");
    }

    @Test
    void takesNoAnswerForDataWhereNumbersTell() throws Exception {
        session = builder(oldGoesOn(20), connection -> {
                    connection.text("subscribed");
                    newMayBegin.await();
                    numbers(connection, "n", 15, 30);
                })
                .replay(SessionReplacementTest::number, last -> List.of())
                .start();
        begin();
        await().until(() -> texts.contains("subscribed"));
        oldMayGoOn.countDown();
        await().until(() -> texts.contains("n20"));
        newMayBegin.countDown();
        await().until(() -> texts.contains("n30") && events.contains("disconnected null"));
        assertThat(texts).filteredOn(text -> text.matches("n[0-9]+")).containsExactlyElementsOf(range("n", 1, 30));
        assertThat(events).containsExactly("disconnected null");
    }

    @Test
    void waitsForEveryKeyThatTheOldConnectionStillDelivers() throws Exception {
        session = builder(
                        connection -> {
                            numbers(connection, "a", 1, 2);
                            numbers(connection, "b", 1, 2);
                            connection.awaitMessage();
                            connection.text("GoAway");
                            oldMayGoOn.await();
                            numbers(connection, "b", 3, 9);
                        },
                        connection -> {
                            numbers(connection, "a", 3, 5);
                            newMayBegin.await();
                            numbers(connection, "b", 8, 12);
                        })
                .replay(message -> message.text().substring(0, 1), SessionReplacementTest::number, last -> List.of())
                .start();
        begin();
        await().until(() -> session.reconnects() == 1);
        oldMayGoOn.countDown();
        await().until(() -> texts.contains("b9"));
        newMayBegin.countDown();
        await().until(() -> texts.contains("b12") && events.contains("disconnected null"));
        assertThat(texts).filteredOn(text -> text.startsWith("b")).containsExactlyElementsOf(range("b", 1, 12));
        assertThat(texts).filteredOn(text -> text.startsWith("a")).containsExactlyElementsOf(range("a", 1, 5));
        assertThat(events).containsExactly("disconnected null");
    }

    @Test
    void tellsAGapThatTheOldConnectionDidNotFill() throws Exception {
        session = builder(
                        connection -> {
                            numbers(connection, "n", 1, 2);
                            connection.awaitMessage();
                            connection.text("GoAway");
                            oldMayGoOn.await();
                            numbers(connection, "n", 3, 5);
                            throw new IllegalStateException("the old connection ends");
                        },
                        connection -> numbers(connection, "n", 10, 12))
                .replay(SessionReplacementTest::number, last -> List.of())
                .start();
        begin();
        await().until(() -> texts.contains("n12"));
        oldMayGoOn.countDown();
        await().until(() -> events.contains("disconnected null"));
        assertThat(texts).filteredOn(text -> !text.equals("GoAway")).hasSize(8).containsAll(range("n", 3, 5));
        assertThat(events).containsExactly("gap null 5..10", "disconnected null");
    }

    @Test
    void readsBothForAsLongAsTheUserSays() throws Exception {
        session = builder(oldGoesOn(20), connection -> {
                    connection.text("subscribed");
                    newMayBegin.await();
                    connection.text("last");
                })
                .overlap(Duration.ofHours(1))
                .start();
        begin();
        await().until(() -> texts.contains("subscribed"));
        oldMayGoOn.countDown();
        await().until(() -> texts.contains("n20"));
        newMayBegin.countDown();
        await().until(() -> texts.contains("last"));
        assertThat(events).isEmpty();
        assertThat(pool.stats().leased()).isEqualTo(2);
        session.close();
        await().until(() -> pool.stats().total() == 0);
    }

    @Test
    void leavesTheOldConnectionAtOnceWhenTheUserSaysSo() throws Exception {
        session = builder(oldGoesOn(20), connection -> {
                    newMayBegin.await();
                    connection.text("new");
                })
                .overlap(Duration.ZERO)
                .start();
        begin();
        await().until(() -> events.contains("disconnected null"));
        newMayBegin.countDown();
        await().until(() -> texts.contains("new"));
        assertThat(texts).containsExactly("n1", "n2", "GoAway", "new");
    }

    @Test
    void goesOnWhenTheNewConnectionEndsDuringTheReplacement() throws Exception {
        session = builder(oldGoesOn(20), connection -> {
                    if (opened.get() == 2) {
                        newMayBegin.await();
                        throw new IllegalStateException("the new connection ends");
                    }
                    numbers(connection, "n", 21, 22);
                })
                .backoff(Duration.ofMillis(10), Duration.ofMillis(20))
                .start();
        begin();
        await().until(() -> session.reconnects() == 1);
        oldMayGoOn.countDown();
        await().until(() -> texts.contains("n20"));
        newMayBegin.countDown();
        await().until(() -> texts.contains("n22"));
        assertThat(texts).filteredOn(text -> !text.equals("GoAway")).containsExactlyElementsOf(range("n", 1, 22));
    }

    @Test
    void deliversWhatIsSentAgainAfterALiveMessage() throws Exception {
        session = builder(
                        connection -> {
                            numbers(connection, "n", 1, 5);
                            endWhenItSpeaks(connection);
                        },
                        connection -> {
                            connection.text("n10");
                            connection.awaitMessage();
                            numbers(connection, "n", 6, 9);
                            connection.text("n11");
                        })
                .backoff(Duration.ofMillis(10), Duration.ofMillis(20))
                .replay(SessionReplacementTest::number, last -> List.of(Message.text("since " + last)))
                .start();
        await().until(() -> texts.contains("n5"));
        session.send(Message.text("end"));
        await().until(() -> texts.contains("n11"));
        assertThat(texts).containsExactly("n1", "n2", "n3", "n4", "n5", "n10", "n6", "n7", "n8", "n9", "n11");
        assertThat(events).contains("gap null 5..10", "filled null 6..9");
        newMayGoOn.countDown();
    }

    @Test
    void asksForEachKeyByItsOwnNumber() throws Exception {
        var asked = new ConcurrentLinkedQueue<java.util.Map<String, Long>>();
        session = builder(
                        connection -> {
                            numbers(connection, "a", 1, 5);
                            numbers(connection, "b", 700, 703);
                            endWhenItSpeaks(connection);
                        },
                        connection -> {
                            numbers(connection, "a", 6, 7);
                            numbers(connection, "b", 705, 706);
                        })
                .backoff(Duration.ofMillis(10), Duration.ofMillis(20))
                .<String>replay(message -> message.text().substring(0, 1), SessionReplacementTest::number, last -> {
                    asked.add(java.util.Map.copyOf(last));
                    return List.of();
                })
                .start();
        await().until(() -> texts.contains("b703"));
        session.send(Message.text("end"));
        await().until(() -> texts.contains("b706"));
        assertThat(texts).hasSize(13);
        assertThat(asked).containsExactly(java.util.Map.of("a", 5L, "b", 703L));
        assertThat(events).contains("gap b 703..705").noneMatch(event -> event.startsWith("gap a"));
    }

    @Test
    void tellsThatThePeerHasBegunToCountAnewAndGoesOnWithThat() throws Exception {
        session = builder(
                        connection -> {
                            numbers(connection, "n", 1, 400);
                            endWhenItSpeaks(connection);
                        },
                        connection -> numbers(connection, "n", 1, 3))
                .backoff(Duration.ofMillis(10), Duration.ofMillis(20))
                .replay(SessionReplacementTest::number, last -> List.of())
                .start();
        await().until(() -> texts.contains("n400"));
        session.send(Message.text("end"));
        await().until(() -> texts.size() == 403);
        assertThat(texts).endsWith("n400", "n1", "n2", "n3");
        assertThat(events).contains("gap null 400..1");
    }

    @Test
    void letsTheUserTellWhenThePeerBeginsToCountAnew() throws Exception {
        session = builder(
                        connection -> {
                            numbers(connection, "n", 1, 5);
                            endWhenItSpeaks(connection);
                        },
                        connection -> {
                            numbers(connection, "n", 1, 3);
                            connection.text("m1");
                            numbers(connection, "n", 2, 3);
                        })
                .backoff(Duration.ofMillis(10), Duration.ofMillis(20))
                .replay(SessionReplacementTest::number, last -> List.of())
                .startsAnewWhen(message -> message.text().startsWith("m"))
                .start();
        await().until(() -> texts.contains("n5"));
        session.send(Message.text("end"));
        await().until(() -> texts.size() == 8);
        assertThat(texts).endsWith("n5", "m1", "n2", "n3");
        assertThat(events).contains("gap null 5..1");
    }
}
