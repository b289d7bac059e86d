/** What the actors share: a pool without threads, its connections and its clock. */
@org.jspecify.annotations.NullMarked
package io.genericpool.stress.support;
