/** What a worker's process is started with: the command line, the start-up cache, and the CPUs that it is confined to. */
package dev.heddle.internal.process.start;
