/** The live page: a workload in a process of its own, a server on loopback, and controls that are moved while it runs. */
package dev.heddle.lab.live;
