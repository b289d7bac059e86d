/** Races about requests that wait: grants, timeouts, cancels and turns. Each of them shows that no request is left beside a connection that could serve it. */
@org.jspecify.annotations.NullMarked
package io.genericpool.stress.waiting;
