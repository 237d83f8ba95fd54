/** A green heddle as the executor of code that knows nothing of it: servers, clients, futures, test runners. */
package dev.heddle.servers;
