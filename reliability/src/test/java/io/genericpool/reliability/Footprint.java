package io.genericpool.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/** What this process holds at one moment: heap in use, live threads, open descriptors (0 where the system does not tell). */
public record Footprint(long heap, int threads, long descriptors) {
    private static final long MEGABYTE = 1 << 20;
    private static final long HEAP_NOISE = 5 * MEGABYTE;
    private static final List<String> COMING_AND_GOING = List.of(
            "ForkJoinPool", "VirtualThread-", "-Poller", "CompletableFutureDelayScheduler", "generic-pool-clock");

    /**
     * Takes it.
     *
     * @return what is held now
     */
    public static Footprint take() {
        var system = ManagementFactory.getOperatingSystemMXBean();
        return new Footprint(
                usedHeap(),
                namesOfThreads().size(),
                system instanceof UnixOperatingSystemMXBean unix ? unix.getOpenFileDescriptorCount() : 0);
    }

    /**
     * Without those with which the JDK serves virtual threads and timers, and the one of the system's clock: they start and
     * end at times of their own, some for each processor at most.
     */
    private static List<String> namesOfThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> COMING_AND_GOING.stream().noneMatch(name::contains))
                .sorted()
                .toList();
    }

    /** The least of a few looks, since a collection may leave something for the next. */
    private static long usedHeap() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            System.gc();
            least = Math.min(
                    least,
                    Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
        }
        return least;
    }

    /** Waits until this process is back to this, but for a little heap: threads that idle may take a while to end. */
    public void awaitReturn() {
        Awaitility.await() // on this thread: one of Awaitility's own would count
                .pollInSameThread()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> {
                    var now = take();
                    assertThat(now.heap - heap).as("bytes of heap more").isLessThan(HEAP_NOISE);
                    assertThat(now.threads)
                            .as(() -> "threads " + namesOfThreads())
                            .isLessThanOrEqualTo(threads);
                    assertThat(now.descriptors).as("descriptors").isLessThanOrEqualTo(descriptors);
                });
    }

    @Override
    public String toString() {
        return "heap %.1f MB, %d threads, %d descriptors".formatted(heap / (double) MEGABYTE, threads, descriptors);
    }
}
