package io.genericpool.replay.internal.command;

import io.genericpool.replay.Agreement;
import io.genericpool.replay.Goal;
import io.genericpool.replay.Recommendation;
import io.genericpool.replay.Recommender;
import io.genericpool.replay.Recordings;
import io.genericpool.replay.Replay;
import io.genericpool.replay.recording.Knobs;
import io.genericpool.replay.recording.Recording;
import io.genericpool.replay.recording.RecordingException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The command line. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        version = "replay of generic-pool, reads traces of version 1 and flight recordings",
        description = "Replays the recorded load of a pool with other knobs, and recommends some.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:the goal is reached",
            "1:no knobs that were tried reach the goal",
            "2:bad input, or a file that cannot be read or written",
            "3:a fault of this program, whose stack trace it prints"
        },
        exitCodeOnExecutionException = ReplayCommand.FAULT)
public final class ReplayCommand implements Callable<Integer> {
    private static final int NOT_REACHED = 1;
    private static final int BAD_INPUT = 2;
    static final int FAULT = 3;
    private static final long BETWEEN_PROGRESS = TimeUnit.SECONDS.toNanos(2);

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "RECORDING",
            description = "A trace, a folder with the traces of one recorder, or a flight recording.")
    @Nullable
    Path recording;

    @Option(names = "--pool", paramLabel = "NAME", description = "The pool, when a flight recording has several.")
    @Nullable
    String pool;

    @Option(names = "--partial", description = "Take what is whole of a truncated trace.")
    boolean isPartial;

    @Option(
            names = "--closed-loop",
            description = "Each thread asks again after the pause that it made, not at the recorded time.")
    boolean isClosedLoop;

    @Option(
            names = "--goal",
            paramLabel = "GOAL",
            defaultValue = "p99=20ms",
            converter = GoalConverter.class,
            description = "What is to be reached, such as ${DEFAULT-VALUE}.")
    @Nullable
    Goal goal;

    @Option(
            names = "--max-size",
            split = ",",
            paramLabel = "N",
            description = "Values of maxSize to try. Without them, maxSize is searched.")
    List<Integer> maxSizes = new ArrayList<>();

    @Option(names = "--total-max-size", split = ",", paramLabel = "N", description = "Values of totalMaxSize to try.")
    List<Integer> totalMaxSizes = new ArrayList<>();

    @Option(names = "--min-idle", split = ",", paramLabel = "N", description = "Values of minIdle to try.")
    List<Integer> minIdles = new ArrayList<>();

    @Option(
            names = "--acquire-timeout",
            split = ",",
            paramLabel = "TIME",
            converter = TimeConverter.class,
            description = "Values of acquireTimeout to try, such as 500ms or 2s.")
    List<Duration> acquireTimeouts = new ArrayList<>();

    @Option(
            names = "--idle-timeout",
            split = ",",
            paramLabel = "TIME",
            converter = TimeConverter.class,
            description = "Values of idleTimeout to try.")
    List<Duration> idleTimeouts = new ArrayList<>();

    @Option(names = "--json", description = "Print JSON instead of tables.")
    boolean isJson;

    @Option(names = "--svg", paramLabel = "FILE", description = "Draw waits against maxSize into this file.")
    @Nullable
    Path svg;

    private long toldAt = System.nanoTime();

    /** For picocli. */
    public ReplayCommand() {}

    /**
     * Runs the command and ends the process.
     *
     * @param args the arguments
     */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new ReplayCommand()).setExecutionExceptionHandler((e, line, parsed) -> {
            if (e instanceof RecordingException || e instanceof IllegalArgumentException || e instanceof IOException) {
                line.getErr().println("replay: " + e.getMessage());
                return BAD_INPUT;
            }
            throw e;
        });
    }

    @Override
    public Integer call() throws IOException {
        try {
            return replay();
        } catch (Error e) { // picocli would let it end the process with 1, which means another thing here
            throw new IllegalStateException(e);
        }
    }

    private int replay() throws IOException {
        CommandLine line = Objects.requireNonNull(spec).commandLine();
        PrintWriter err = line.getErr();
        Goal wanted = Objects.requireNonNull(goal);
        Recording read = Recordings.read(Objects.requireNonNull(recording), pool, isPartial);
        Replay replay = new Replay(read).closedLoop(isClosedLoop);
        replay.progress(ended -> tell(err, "replaying: " + ended + " of " + read.size() + " acquires"));
        Knobs recorded = read.knobs().orElse(Knobs.DEFAULTS);
        List<Agreement> agreement =
                Agreement.between(read.waits(), replay.run(recorded).waits());
        var recommender = new Recommender(replay, wanted).progress((knobs, result) -> tell(err, "tried " + knobs));
        Recommendation found = maxSizes.isEmpty() && isSingle()
                ? recommender.overMaxSize(first(recorded))
                : recommender.among(candidates(recorded));
        var report = new Report(read, agreement, found);
        if (isJson) {
            report.printJson(line.getOut());
        } else {
            report.print(line.getOut());
        }
        Path picture = svg;
        if (picture != null) {
            write(picture, WaitsPlot.draw("Waits of pool " + read.pool() + ", replayed", found));
        }
        return found.best().isPresent() ? 0 : NOT_REACHED;
    }

    private static void write(Path file, String text) throws IOException {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new IOException(file + " cannot be written: " + e, e);
        }
    }

    private void tell(PrintWriter err, String words) {
        long now = System.nanoTime();
        if (now - toldAt >= BETWEEN_PROGRESS) {
            toldAt = now;
            err.println(words);
            err.flush();
        }
    }

    private boolean isSingle() {
        return Math.max(totalMaxSizes.size(), minIdles.size()) <= 1
                && Math.max(acquireTimeouts.size(), idleTimeouts.size()) <= 1;
    }

    private Knobs first(Knobs recorded) {
        return candidates(recorded).get(0);
    }

    /** All combinations. Sizes that the user did not give follow those that were given. */
    private List<Knobs> candidates(Knobs recorded) {
        var candidates = new ArrayList<Knobs>();
        int smallest = totalMaxSizes.stream().min(Integer::compare).orElse(Integer.MAX_VALUE);
        int idle = minIdles.stream().max(Integer::compare).orElse(0);
        int fitting = Math.min(Math.max(idle, recorded.maxSize()), smallest);
        for (int maxSize : orRecorded(maxSizes, fitting)) {
            for (int total : orRecorded(totalMaxSizes, Math.max(recorded.totalMaxSize(), maxSize))) {
                for (int minIdle : orRecorded(minIdles, recorded.minIdle())) {
                    for (Duration acquire : orRecorded(acquireTimeouts, recorded.acquireTimeout())) {
                        for (Duration idleTime : orRecorded(idleTimeouts, recorded.idleTimeout())) {
                            candidates.add(recorded.withMaxSize(maxSize)
                                    .withTotalMaxSize(total)
                                    .withMinIdle(minIdle)
                                    .withAcquireTimeout(acquire)
                                    .withIdleTimeout(idleTime)
                                    .validated());
                        }
                    }
                }
            }
        }
        return candidates;
    }

    private static <T> List<T> orRecorded(List<T> given, T recorded) {
        return given.isEmpty() ? List.of(recorded) : given;
    }

    /** For picocli. */
    static final class GoalConverter implements ITypeConverter<Goal> {
        @Override
        public Goal convert(String value) {
            try {
                return Goal.parse(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /** For picocli. */
    static final class TimeConverter implements ITypeConverter<Duration> {
        private static final Pattern TIME = Pattern.compile("(\\d+)(ms|s|min|h)");

        @Override
        public Duration convert(String value) {
            var found = TIME.matcher(value.strip().toLowerCase(Locale.ROOT));
            if (!found.matches()) {
                throw new TypeConversionException("a time is written like 500ms, 2s, 5min or 1h, but this is " + value);
            }
            long count = Long.parseLong(found.group(1));
            return switch (found.group(2)) {
                case "ms" -> Duration.ofMillis(count);
                case "s" -> Duration.ofSeconds(count);
                case "min" -> Duration.ofMinutes(count);
                default -> Duration.ofHours(count);
            };
        }
    }
}
