/**
 * jcstress tests of the engine over its public API. Their pools have inline executors and a {@link
 * io.genericpool.stress.support.StillClock}, so that the actors themselves do all the work and no other thread takes part.
 * The numbers (I1, I2, ...) are those of the invariants in docs/internals/concurrency.md.
 */
@org.jspecify.annotations.NullMarked
package io.genericpool.stress;
