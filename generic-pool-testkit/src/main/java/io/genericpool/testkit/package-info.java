/**
 * What is needed to test a {@code ConnectionManager} or a {@code ConnectionPool} without waiting and without a network:
 * virtual time ({@link io.genericpool.testkit.FakePoolClock}), executors that run when told
 * ({@link io.genericpool.testkit.ManualExecutor}), a manager that plays a scripted server
 * ({@link io.genericpool.testkit.ScriptedManager}), and two JUnit 5 suites to extend
 * ({@link io.genericpool.testkit.ConnectionManagerContract}, {@link io.genericpool.testkit.ConnectionPoolContract}).
 *
 * <p>Where a test must wait for another thread in real time, it does so for up to 20 s before it fails; the system
 * property {@code io.genericpool.testkit.realWaitMillis} sets another bound.
 */
@NullMarked
package io.genericpool.testkit;

import org.jspecify.annotations.NullMarked;
