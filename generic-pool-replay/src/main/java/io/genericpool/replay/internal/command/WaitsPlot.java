package io.genericpool.replay.internal.command;

import io.genericpool.replay.Recommendation;
import io.genericpool.replay.ReplayResult;
import io.genericpool.support.Nanos;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/** Draws waits against {@code maxSize} as SVG: a line per percentile, the goal, and the size from which on more help no more. */
final class WaitsPlot {
    private static final int WIDTH = 860;
    private static final int HEIGHT = 480;
    private static final int LEFT = 80;
    private static final int RIGHT = 110;
    private static final int TOP = 60;
    private static final int BOTTOM = 60;
    private static final double LEAST_NANOS = 10_000;
    private static final double[] PERCENTS = {50, 95, 99};
    /** Told apart by people who do not see red and green as two (Okabe and Ito's palette). */
    private static final String[] COLOURS = {"#56b4e9", "#0072b2", "#d55e00"};

    private final Recommendation recommendation;
    private final List<ReplayResult> results;
    private final int least;
    private final int most;
    private final int mostDecade;
    private final StringBuilder svg = new StringBuilder();

    private WaitsPlot(Recommendation recommendation) {
        this.recommendation = recommendation;
        var bySize = new TreeMap<Integer, ReplayResult>();
        recommendation
                .results()
                .forEach(each -> bySize.merge(
                        each.knobs().maxSize(),
                        each,
                        (a, b) -> a.waits().mean() <= b.waits().mean() ? a : b));
        this.results = new ArrayList<>(bySize.values());
        this.least = bySize.firstKey();
        this.most = Math.max(least + 1, bySize.lastKey());
        double longest = results.stream()
                .mapToDouble(each -> each.waits().percentile(PERCENTS[PERCENTS.length - 1]))
                .max()
                .orElse(0);
        longest = Math.max(longest, (double) Nanos.of(recommendation.goal().within()));
        this.mostDecade = (int) Math.max(Math.log10(LEAST_NANOS) + 1, Math.ceil(Math.log10(Math.max(1, longest))));
    }

    static String draw(String title, Recommendation recommendation) {
        return new WaitsPlot(recommendation).draw(title);
    }

    private String draw(String title) {
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
                        + " font-size=\"12\">",
                WIDTH, HEIGHT);
        add("<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>", WIDTH, HEIGHT);
        text(LEFT, 24, "start", escaped(title), 15);
        axes();
        marks();
        for (int i = 0; i < PERCENTS.length; i++) {
            line(PERCENTS[i], COLOURS[i]);
        }
        return svg.append("</svg>\n").toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private void axes() {
        for (int decade = (int) Math.log10(LEAST_NANOS); decade <= mostDecade; decade++) {
            double y = y((long) Math.pow(10, decade));
            add("<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"#dddddd\"/>", LEFT, y, WIDTH - RIGHT, y);
            String label = Nanos.text((long) Math.pow(10, decade));
            text(LEFT - 8, y + 4, "end", decade == (int) Math.log10(LEAST_NANOS) ? "up to " + label : label, 12);
        }
        double last = Double.NEGATIVE_INFINITY;
        for (ReplayResult each : results) {
            double x = x(each.knobs().maxSize());
            if (x - last > 22) {
                text(
                        x,
                        HEIGHT - BOTTOM + 20,
                        "middle",
                        Integer.toString(each.knobs().maxSize()),
                        12);
                last = x;
            }
        }
        text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 16, "middle", "maxSize, connections per endpoint", 12);
    }

    private void marks() {
        double goal = y(Nanos.of(recommendation.goal().within()));
        add(
                "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"#009e73\" stroke-dasharray=\"6 4\"/>",
                LEFT, goal, WIDTH - RIGHT, goal);
        text(WIDTH - RIGHT - 4, goal - 5, "end", escaped("goal: " + recommendation.goal()), 12);
        recommendation.enough().ifPresent(each -> upright(each, "more helps no more", 42));
        recommendation.best().ifPresent(each -> upright(each, "recommended", 56));
    }

    private void upright(ReplayResult at, String words, int y) {
        double x = x(at.knobs().maxSize());
        add(
                "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"#666666\" stroke-dasharray=\"2 3\"/>",
                x, y + 3, x, HEIGHT - BOTTOM);
        text(
                x,
                y,
                x > WIDTH - 2 * RIGHT ? "end" : "start",
                words + ": " + at.knobs().maxSize(),
                12);
    }

    private void line(double percent, String colour) {
        var points = new StringBuilder();
        for (ReplayResult each : results) {
            points.append(String.format(
                    Locale.ROOT,
                    "%.1f,%.1f ",
                    x(each.knobs().maxSize()),
                    y(each.waits().percentile(percent))));
        }
        add(
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>",
                points.toString().strip(), colour);
        for (ReplayResult each : results) {
            add(
                    "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\" fill=\"%s\"/>",
                    x(each.knobs().maxSize()), y(each.waits().percentile(percent)), colour);
        }
        ReplayResult last = results.stream()
                .max(Comparator.comparingInt(each -> each.knobs().maxSize()))
                .orElseThrow();
        double y = y(last.waits().percentile(percent)) + 4 + (percent == 50 ? 14 : percent == 99 ? -14 : 0);
        add(
                "<text x=\"%d\" y=\"%.1f\" fill=\"%s\">%d %% of waits</text>",
                WIDTH - RIGHT + 12, y, colour, (int) percent);
    }

    private void text(double x, double y, String anchor, String words, int size) {
        add(
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" font-size=\"%d\" fill=\"#333333\">%s</text>",
                x, y, anchor, size, words);
    }

    private void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    private double x(double size) {
        return LEFT + (WIDTH - LEFT - RIGHT) * Math.log(size / least) / Math.log((double) most / least);
    }

    private double y(long nanos) {
        double first = Math.log10(LEAST_NANOS);
        double part = (Math.log10(Math.max(LEAST_NANOS, (double) nanos)) - first) / (mostDecade - first);
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * part;
    }
}
