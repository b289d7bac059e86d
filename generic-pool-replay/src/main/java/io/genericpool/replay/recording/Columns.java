package io.genericpool.replay.recording;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Rows of whole numbers, all of one length, in one array: millions of rows without an object each. */
final class Columns {
    private final int width;
    private long[] cells;
    private int rows;

    Columns(int width) {
        this.width = width;
        this.cells = new long[width * 256];
    }

    void add(long... row) {
        if ((rows + 1) * width > cells.length) {
            cells = Arrays.copyOf(cells, Math.multiplyExact(cells.length, 2));
        }
        System.arraycopy(row, 0, cells, rows * width, width);
        rows++;
    }

    int size() {
        return rows;
    }

    long get(int row, int column) {
        return cells[row * width + column];
    }

    void set(int row, int column, long value) {
        cells[row * width + column] = value;
    }

    /** The same rows in the order of a column; rows that are equal there keep theirs. */
    Columns sortedBy(int column) {
        var sorted = new Columns(width);
        sorted.cells = new long[Math.max(1, rows) * width];
        IntStream.range(0, rows)
                .boxed()
                .sorted((a, b) -> Long.compare(get(a, column), get(b, column)))
                .forEach(row -> {
                    System.arraycopy(cells, row * width, sorted.cells, sorted.rows * width, width);
                    sorted.rows++;
                });
        return sorted;
    }
}
