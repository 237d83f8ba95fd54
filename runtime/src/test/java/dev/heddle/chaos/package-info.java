/** Workers are killed while they work: {@link dev.heddle.chaos.ChaosTest}. */
package dev.heddle.chaos;
