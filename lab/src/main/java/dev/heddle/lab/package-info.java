/**
 * Heddle's command line, and what a workload of one's own is compiled against: {@link dev.heddle.lab.Workload}.
 */
package dev.heddle.lab;
