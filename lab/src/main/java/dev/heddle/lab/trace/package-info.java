/** The forms in which a recording of a heddle's scheduler is written: for people, for scripts, and for the viewers that exist. */
package dev.heddle.lab.trace;
