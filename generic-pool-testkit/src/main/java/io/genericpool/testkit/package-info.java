/**
 * Tools to test a {@code ConnectionManager} or a {@code ConnectionPool} without real waiting and without a network:
 *
 * <ul>
 * <li>virtual time: {@link io.genericpool.testkit.FakePoolClock};
 * <li>executors that run tasks on command: {@link io.genericpool.testkit.ManualExecutor};
 * <li>a manager that plays a scripted server: {@link io.genericpool.testkit.ScriptedManager};
 * <li>two JUnit 5 suites to extend: {@link io.genericpool.testkit.ConnectionManagerContract} for managers, and
 *     {@link io.genericpool.testkit.contract.ConnectionPoolContract} for pools.
 * </ul>
 *
 * <p>When a test must wait for another thread in real time, it waits for up to 20 s before it fails. The system
 * property {@code io.genericpool.testkit.realWaitMillis} sets another bound.
 */
@NullMarked
package io.genericpool.testkit;

import org.jspecify.annotations.NullMarked;
