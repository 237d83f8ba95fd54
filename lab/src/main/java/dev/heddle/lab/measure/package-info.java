/** Runs a workload again and again under each model, each in a JVM of its own, and computes what that shows. */
package dev.heddle.lab.measure;
