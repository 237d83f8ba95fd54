/** Looks at what Heddle needs from the machine. */
package dev.heddle.lab.doctor;
