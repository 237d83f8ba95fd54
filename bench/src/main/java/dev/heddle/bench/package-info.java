/** Heddle beside its peers: the tables of {@code bench/run}, and JMH benchmarks. More: docs/benchmarks.md. */
@NullMarked
package dev.heddle.bench;

import org.jspecify.annotations.NullMarked;
