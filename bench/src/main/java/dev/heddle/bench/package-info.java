/** Heddle beside its peers: the shapes of {@code bench/run green}, and JMH benchmarks. More: docs/benchmarks.md. */
@NullMarked
package dev.heddle.bench;

import org.jspecify.annotations.NullMarked;
