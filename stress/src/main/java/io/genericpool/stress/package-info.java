/**
 * jcstress tests of the engine over its public API. Their pools have inline executors and a {@link
 * io.genericpool.stress.StillClock}, so that the actors themselves do all the work and no other thread takes part.
 */
@org.jspecify.annotations.NullMarked
package io.genericpool.stress;
