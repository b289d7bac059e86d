/**
 * The suite for those who write a pool: {@link io.genericpool.testkit.contract.ConnectionPoolContract} to extend, the
 * settings that it asks for, and the behaviours that it tests.
 */
@NullMarked
package io.genericpool.testkit.contract;

import org.jspecify.annotations.NullMarked;
