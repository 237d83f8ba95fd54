/** Finds out, from outside and by behaviour, what kind of concurrency a program creates. */
package dev.heddle.lab.probe;
