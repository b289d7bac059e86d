package io.genericpool.core.log;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.event.Level;

/** What is logged about one pool while this is open. */
public final class CapturedLog implements AutoCloseable {
    private static final List<CapturedLog> OPEN = new CopyOnWriteArrayList<>();

    private final Level least;
    private final String about;
    private final Consumer<String> appender;
    private final List<String> lines = new CopyOnWriteArrayList<>();

    private CapturedLog(Level least, String about, Consumer<String> appender) {
        this.least = least;
        this.about = about;
        this.appender = appender;
    }

    /** Captures the lines about a pool, from a level on. */
    public static CapturedLog of(String pool, Level least) {
        return of(pool, least, line -> {});
    }

    /** As the other one, with an appender that is called for each line, and may throw. */
    public static CapturedLog of(String pool, Level least, Consumer<String> appender) {
        var log = new CapturedLog(least, "pool " + pool, appender);
        OPEN.add(log);
        return log;
    }

    static boolean isWanted(Level level) {
        return OPEN.stream().anyMatch(log -> log.wants(level));
    }

    static void write(Level level, String text) {
        for (CapturedLog log : OPEN) {
            if (log.wants(level) && text.startsWith(log.about)) {
                String line = level + " " + text;
                log.lines.add(line);
                log.appender.accept(line);
            }
        }
    }

    private boolean wants(Level level) {
        return level.toInt() >= least.toInt();
    }

    /** The lines since the last call. */
    public List<String> take() {
        List<String> taken = List.copyOf(lines);
        lines.removeAll(taken);
        return taken;
    }

    @Override
    public void close() {
        OPEN.remove(this);
    }
}
