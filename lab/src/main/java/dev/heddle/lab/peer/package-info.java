/** Programs in other languages that do the same as an experiment: found, compiled, run, and their results read. */
package dev.heddle.lab.peer;
