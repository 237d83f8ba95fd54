/** Programs that do everything at once, at random, for as long as one likes. */
package dev.heddle.stress;
