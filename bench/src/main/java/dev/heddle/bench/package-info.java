/** JMH benchmarks: Heddle's models beside what the JDK offers, in one run. How to run them: docs/benchmarks.md. */
@NullMarked
package dev.heddle.bench;

import org.jspecify.annotations.NullMarked;
