/** What drivers are given and what they answer: URLs, bounds of a connect, SQL states, and texts that must not be repeated. Not exported. */
@NullMarked
package io.genericpool.jdbc.internal.driver;

import org.jspecify.annotations.NullMarked;
