package io.genericpool.core.race;

import java.util.SplittableRandom;

/**
 * How much later one of two sides begins, learned from who won: the winner is held back a little more the next time, and
 * ever more while it goes on winning, so that both come to win about as often, and their steps to fall together.
 */
final class Lead {
    private static final long STEP_NANOS = 400;
    private static final long CHANCE_NANOS = 3_000;
    private static final long MAX_NANOS = 1_000_000;
    private static final int MAX_STREAK = 8;

    private final SplittableRandom random;
    private long nanos;
    private boolean hereWonLast;
    private int streak;
    private long hereWon;
    private long thereWon;

    Lead(long seed) {
        random = new SplittableRandom(seed);
    }

    /** By the thread that fights, before a round that nobody learns from: either side may be later, by little. */
    void draw() {
        nanos = random.nextLong(-CHANCE_NANOS, CHANCE_NANOS);
    }

    /** By the thread that fights, as its first step. */
    void waitHere() {
        spin(nanos);
    }

    /** By the other thread, as its first step. */
    void waitThere() {
        spin(-nanos);
    }

    private static void spin(long length) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < length) {
            Thread.onSpinWait();
        }
    }

    /** After each round, by the thread that fights. */
    void wonBy(boolean isHere) {
        streak = isHere == hereWonLast ? Math.min(streak + 1, MAX_STREAK) : 0;
        hereWonLast = isHere;
        long step = random.nextLong(STEP_NANOS) << streak;
        nanos = Math.max(-MAX_NANOS, Math.min(MAX_NANOS, nanos + (isHere ? step : -step)));
        if (isHere) {
            hereWon++;
        } else {
            thereWon++;
        }
    }

    /** How often the thread that fights has won. */
    long hereWon() {
        return hereWon;
    }

    /** How often the other has won. */
    long thereWon() {
        return thereWon;
    }
}
