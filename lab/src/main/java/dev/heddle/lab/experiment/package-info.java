/** The experiments behind {@code heddle answers}: the frame first, then one class an experiment. */
package dev.heddle.lab.experiment;
