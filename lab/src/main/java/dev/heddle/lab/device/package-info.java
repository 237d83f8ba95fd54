/** Small I/O devices for experiments: real pseudo-terminals and FIFOs, with somebody at the other end who answers. */
package dev.heddle.lab.device;
