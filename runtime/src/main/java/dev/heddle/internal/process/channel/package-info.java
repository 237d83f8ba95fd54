/**
 * Channels, broadcasts, subscriptions and permits between processes: where they are, in the process that opened the heddle; what asks
 * for them in a worker; what answers it; and what a worker has leased of a channel.
 */
package dev.heddle.internal.process.channel;
