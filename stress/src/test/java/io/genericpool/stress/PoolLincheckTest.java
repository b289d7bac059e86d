package io.genericpool.stress;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

/**
 * Lincheck on the whole engine: random scenarios of two and three threads, each either with all interleavings of
 * shared accesses explored in turn (model checking) or under real threads (stress). Shows I1, I2 and I8, and I41
 * where an endpoint has so many connections that maps tell where idle ones are.
 */
class PoolLincheckTest {
    @Test
    void aPoolOfOneIsASemaphoreInAllInterleavings() {
        new ModelCheckingOptions()
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(0)
                .actorsAfter(0)
                .iterations(6)
                .invocationsPerIteration(250)
                .sequentialSpecification(SemaphoreOfOne.class)
                .check(PoolOfOne.class);
    }

    @Test
    void aPoolOfOneIsASemaphoreUnderRealThreads() {
        new StressOptions()
                .threads(3)
                .actorsPerThread(3)
                .iterations(20)
                .invocationsPerIteration(500)
                .sequentialSpecification(SemaphoreOfOne.class)
                .check(PoolOfOne.class);
    }

    @Test
    void aPoolOfTwoIsASemaphoreThatMayMissInAllInterleavings() {
        new ModelCheckingOptions()
                .threads(3)
                .actorsPerThread(2)
                .actorsBefore(0)
                .actorsAfter(0)
                .iterations(6)
                .invocationsPerIteration(250)
                .verifier(SemaphoreOfTwoVerifier.class)
                .check(PoolOfTwo.class);
    }

    @Test
    void aPoolOfTwoIsASemaphoreThatMayMissUnderRealThreads() {
        new StressOptions()
                .threads(3)
                .actorsPerThread(3)
                .actorsBefore(0)
                .actorsAfter(0)
                .iterations(20)
                .invocationsPerIteration(500)
                .verifier(SemaphoreOfTwoVerifier.class)
                .check(PoolOfTwo.class);
    }

    @Test
    void twoOfManyConnectionsAreASemaphoreThatMayMissInAllInterleavings() {
        new ModelCheckingOptions()
                .threads(3)
                .actorsPerThread(2)
                .actorsBefore(0)
                .actorsAfter(0)
                .iterations(6)
                .invocationsPerIteration(100)
                .verifier(SemaphoreOfTwoVerifier.class)
                .check(TwoOfManyPlaces.class);
    }

    @Test
    void twoOfManyConnectionsAreASemaphoreThatMayMissUnderRealThreads() {
        new StressOptions()
                .threads(3)
                .actorsPerThread(3)
                .actorsBefore(0)
                .actorsAfter(0)
                .iterations(20)
                .invocationsPerIteration(500)
                .verifier(SemaphoreOfTwoVerifier.class)
                .check(TwoOfManyPlaces.class);
    }
}
