/** The built-in workloads. Each runs unchanged under every model and verifies its own result. */
package dev.heddle.lab.workload;
