/**
 * What is needed to test a {@code ConnectionManager} or a {@code ConnectionPool} without waiting and without a network:
 * virtual time ({@link io.genericpool.testkit.FakePoolClock}), executors that run when told
 * ({@link io.genericpool.testkit.ManualExecutor}), a manager that plays a scripted server
 * ({@link io.genericpool.testkit.ScriptedManager}), and two JUnit 5 suites to extend
 * ({@link io.genericpool.testkit.ConnectionManagerContract}, {@link io.genericpool.testkit.ConnectionPoolContract}).
 */
@NullMarked
package io.genericpool.testkit;

import org.jspecify.annotations.NullMarked;
