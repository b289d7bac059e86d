package io.genericpool.websocket.internal.session;

import java.util.Arrays;

/** The numbers that came last, each with what stands for its message. Grows with what it holds, up to its capacity. */
final class RecentNumbers {
    static final int CAPACITY = 256;
    private static final int FIRST_CAPACITY = 16;

    private long[] numbers = new long[FIRST_CAPACITY];
    private int[] contents = new int[FIRST_CAPACITY];
    private int size;

    /** Where the next one goes once all is full. */
    private int next;

    private long highestForgotten = -1;

    void add(long number, int content) {
        if (size < CAPACITY) {
            if (size == numbers.length) {
                numbers = Arrays.copyOf(numbers, 2 * size);
                contents = Arrays.copyOf(contents, 2 * size);
            }
            numbers[size] = number;
            contents[size] = content;
            size++;
            return;
        }
        highestForgotten = Math.max(highestForgotten, numbers[next]);
        numbers[next] = number;
        contents[next] = content;
        next = (next + 1) % CAPACITY;
    }

    boolean holds(long number) {
        return indexOf(number) >= 0;
    }

    boolean holds(long number, int content) {
        int index = indexOf(number);
        return index >= 0 && contents[index] == content;
    }

    private int indexOf(long number) {
        for (int i = 0; i < size; i++) {
            if (numbers[i] == number) {
                return i;
            }
        }
        return -1;
    }

    /** The highest number that was added and is not held any more; negative when there is none. */
    long highestForgotten() {
        return highestForgotten;
    }

    void clear() {
        size = 0;
        next = 0;
        highestForgotten = -1;
    }
}
