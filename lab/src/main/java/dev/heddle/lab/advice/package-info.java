/** Which model to take for a workload, computed from a comparison that was saved. */
package dev.heddle.lab.advice;
