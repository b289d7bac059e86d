package io.genericpool.benchmarks;

import io.genericpool.benchmarks.subject.Subjects;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Draws what an acquire and release costs against the number of endpoints or connections, both axes logarithmic, as SVG. */
public final class CostPlot {
    static final String BY_ENDPOINTS = "pool,endpoints,ns";
    static final String BY_CONNECTIONS = "pool,connections,ns";

    private static final int WIDTH = 860;
    private static final int HEIGHT = 520;
    private static final int LEFT = 80;
    private static final int RIGHT = 200;
    private static final int TOP = 50;
    private static final int BOTTOM = 60;
    private static final int LABEL_HEIGHT = 15;
    /** Told apart by people who do not see red and green as two (Okabe and Ito's palette). */
    private static final String[] COLOURS = {
        "#0072b2", "#56b4e9", "#d55e00", "#e69f00", "#cc79a7", "#009e73", "#8c6d1f", "#999999", "#000000"
    };

    private final boolean byConnections;
    private final Map<String, TreeMap<Integer, Double>> lines;
    private final int least;
    private final int most;
    private final int leastDecade;
    private final int mostDecade;
    private final StringBuilder svg = new StringBuilder();

    private CostPlot(boolean byConnections, Map<String, TreeMap<Integer, Double>> lines) {
        this.byConnections = byConnections;
        this.lines = lines;
        this.least = lines.values().stream().mapToInt(TreeMap::firstKey).min().orElseThrow();
        this.most = Math.max(
                10 * least,
                lines.values().stream().mapToInt(TreeMap::lastKey).max().orElseThrow());
        double cheapest =
                values(lines).stream().mapToDouble(value -> value).min().orElseThrow();
        double dearest =
                values(lines).stream().mapToDouble(value -> value).max().orElseThrow();
        this.leastDecade = (int) Math.floor(Math.log10(cheapest));
        this.mostDecade = Math.max(leastDecade + 1, (int) Math.ceil(Math.log10(dearest)));
    }

    private static List<Double> values(Map<String, TreeMap<Integer, Double>> lines) {
        return lines.values().stream().flatMap(line -> line.values().stream()).toList();
    }

    /**
     * Draws.
     *
     * @param args the file that {@link ShortRun} or {@link ConnectionsRun} wrote, and the SVG to write
     * @throws IOException when a file cannot be read or written
     */
    public static void main(String[] args) throws IOException {
        if (args.length != 2) {
            throw new IllegalArgumentException("two files wanted, figures and picture, but got " + args.length);
        }
        Files.writeString(Path.of(args[1]), draw(Files.readAllLines(Path.of(args[0]))));
    }

    static String draw(List<String> csv) {
        if (csv.size() < 2 || !List.of(BY_ENDPOINTS, BY_CONNECTIONS).contains(csv.get(0))) {
            throw new IllegalArgumentException(
                    "no figures: the first line must be " + BY_ENDPOINTS + " or " + BY_CONNECTIONS + ", others follow");
        }
        var lines = new LinkedHashMap<String, TreeMap<Integer, Double>>();
        for (String line : csv.subList(1, csv.size())) {
            String[] cells = line.split(",");
            if (cells.length != 3) {
                throw new IllegalArgumentException("three cells wanted, but the line is " + line);
            }
            lines.computeIfAbsent(cells[0], pool -> new TreeMap<>())
                    .put(Integer.valueOf(cells[1]), Double.valueOf(cells[2]));
        }
        return new CostPlot(csv.get(0).equals(BY_CONNECTIONS), lines).draw();
    }

    private String draw() {
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
                        + " font-size=\"12\">",
                WIDTH, HEIGHT);
        add("<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>", WIDTH, HEIGHT);
        String title = byConnections
                ? "Release and acquire, all other connections leased, one thread"
                : "Acquire and release of an idle connection, one thread";
        text(LEFT, 24, "start", title, 15);
        axes();
        List<String> labels = drawLines();
        labels.forEach(svg::append);
        return svg.append("</svg>\n").toString();
    }

    private void axes() {
        for (int decade = leastDecade; decade <= mostDecade; decade++) {
            double value = Math.pow(10, decade);
            grid(LEFT, y(value), WIDTH - RIGHT, y(value));
            text(LEFT - 8, y(value) + 4, "end", nanos(value), 12);
        }
        long first = (long) Math.pow(10, Math.ceil(Math.log10(least)));
        for (long count = first; count <= most; count *= 10) {
            grid(x(count), TOP, x(count), HEIGHT - BOTTOM);
            text(x(count), HEIGHT - BOTTOM + 20, "middle", String.format(Locale.ROOT, "%,d", count), 12);
        }
        text(
                (LEFT + WIDTH - RIGHT) / 2.0,
                HEIGHT - 16,
                "middle",
                byConnections ? "connections at one endpoint" : "endpoints in the pool",
                12);
    }

    /** The lines, and the labels that stand at their right ends, moved apart where they would overlap. */
    private List<String> drawLines() {
        var byHeight = new ArrayList<>(lines.keySet());
        byHeight.sort((a, b) -> Double.compare(end(a), end(b)));
        var colours = new LinkedHashMap<String, String>();
        for (String pool : lines.keySet()) {
            colours.put(pool, COLOURS[colours.size() % COLOURS.length]);
        }
        var labels = new ArrayList<String>();
        double last = Double.NEGATIVE_INFINITY;
        for (String pool : byHeight) {
            String colour = colours.get(pool);
            line(lines.get(pool), colour, pool.equals(Subjects.OURS) ? 3 : 1.5);
            double place = Math.max(end(pool), last + LABEL_HEIGHT);
            last = place;
            labels.add(label(pool, place + 4, colour));
        }
        return labels;
    }

    private double end(String pool) {
        return y(lines.get(pool).lastEntry().getValue());
    }

    private void line(TreeMap<Integer, Double> points, String colour, double width) {
        var path = new StringBuilder();
        points.forEach((count, nanos) -> path.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(count), y(nanos))));
        add(
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%.1f\"/>",
                path.toString().strip(), colour, width);
        points.forEach((count, nanos) -> add(
                "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"%s\"/>", x(count), y(nanos), width + 1.5, colour));
    }

    private String label(String pool, double y, String colour) {
        int last = lines.get(pool).lastKey();
        String note = last < most ? String.format(Locale.ROOT, " (to %,d)", last) : "";
        return String.format(
                Locale.ROOT,
                "<text x=\"%d\" y=\"%.1f\" fill=\"%s\"%s>%s</text>%n",
                WIDTH - RIGHT + 12,
                y,
                colour,
                pool.equals(Subjects.OURS) ? " font-weight=\"bold\"" : "",
                pool + note);
    }

    private void grid(double x1, double y1, double x2, double y2) {
        add("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#dddddd\"/>", x1, y1, x2, y2);
    }

    private void text(double x, double y, String anchor, String words, int size) {
        add(
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" font-size=\"%d\" fill=\"#333333\">%s</text>",
                x, y, anchor, size, words);
    }

    private void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    private double x(double count) {
        return LEFT + (WIDTH - LEFT - RIGHT) * Math.log10(count / least) / Math.log10((double) most / least);
    }

    private double y(double nanos) {
        double part = (Math.log10(nanos) - leastDecade) / (mostDecade - leastDecade);
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * part;
    }

    private static String nanos(double value) {
        if (value >= 1e6) {
            return String.format(Locale.ROOT, "%,.0f ms", value / 1e6);
        }
        return value >= 1e3
                ? String.format(Locale.ROOT, "%,.0f µs", value / 1e3)
                : String.format(Locale.ROOT, "%,.0f ns", value);
    }
}
