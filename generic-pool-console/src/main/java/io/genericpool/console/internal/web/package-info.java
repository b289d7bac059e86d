/** The console's HTTP server: who may ask, what there is to ask for, and the threads that answer. */
@org.jspecify.annotations.NullMarked
package io.genericpool.console.internal.web;
