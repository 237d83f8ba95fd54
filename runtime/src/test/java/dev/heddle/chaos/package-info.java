/** Workers are killed while they work: {@link dev.heddle.chaos.Chaos}. */
package dev.heddle.chaos;
