// The shapes of `bench/run channels` on Kotlin's coroutines and their default dispatcher. The functions are in Kotlin, since
// Java cannot call what suspends; each says what its namesake in Passing.java says.
package dev.heddle.bench

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.selects.select

private const val CROWD = 1_000
private const val CROWD_CAPACITY = 64

/** The process that measures one shape; does as [Child], and is told as much. */
fun main(args: Array<String>) {
    runShape(args[1], Measurement(args[2] == "smoke") { row, value -> println("$row $value") })
}

/** Reports each row of the shape. */
internal fun runShape(shape: String, m: Measurement) {
    fun one(run: () -> Double) = m.report(shape, m.median { run() })
    when (shape) {
        "rendezvous" -> one { rendezvous(m.size(20_000)) }
        "buffer-128" -> one { fan(1, 1, 128, m.size(200_000)) }
        "fan-in" -> one { fan(8, 1, 64, m.size(40_000)) }
        "fan-out" -> one { fan(1, 8, 64, m.size(40_000)) }
        "select-2" -> one { selectOf(2, 0, m.size(40_000)) }
        "select-8" -> one { selectOf(8, 0, m.size(40_000)) }
        "select-2-buffered" -> one { selectOf(2, 16, m.size(40_000)) }
        "select-8-buffered" -> one { selectOf(8, 16, m.size(40_000)) }
        "crowd" -> crowd(m)
        "unused-bytes" -> one { unusedBytes(m.size(100_000)) }
        else -> throw IllegalArgumentException("no such shape: $shape")
    }
}

private fun nanos(start: Long, count: Int) = (System.nanoTime() - start) / count.toDouble()

private fun rendezvous(roundTrips: Int): Double {
    val there = Channel<Int>(0)
    val back = Channel<Int>(0)
    val start = System.nanoTime()
    runBlocking(Dispatchers.Default) {
        launch { repeat(roundTrips) { back.send(there.receive()) } }
        launch {
            repeat(roundTrips) {
                there.send(1)
                back.receive()
            }
        }
    }
    return nanos(start, roundTrips)
}

private fun fan(producers: Int, consumers: Int, capacity: Int, elements: Int): Double {
    val channel = Channel<Int>(capacity)
    val start = System.nanoTime()
    runBlocking(Dispatchers.Default) {
        repeat(producers) { launch { repeat(elements / producers) { channel.send(1) } } }
        repeat(consumers) { launch { repeat(elements / consumers) { channel.receive() } } }
    }
    return nanos(start, elements)
}

private fun selectOf(size: Int, capacity: Int, elements: Int): Double {
    val channels = List(size) { Channel<Int>(capacity) }
    val each = maxOf(1, elements / size)
    val start = System.nanoTime()
    runBlocking(Dispatchers.Default) {
        for (mine in channels) {
            launch { repeat(each) { mine.send(1) } }
        }
        launch {
            repeat(each * size) {
                select<Int> {
                    for (channel in channels) {
                        channel.onReceive { it }
                    }
                }
            }
        }
    }
    return nanos(start, each * size)
}

private fun crowd(m: Measurement) {
    val elements = m.size(500_000)
    val few = m.median { fan(2, 2, CROWD_CAPACITY, elements) }
    val many = m.median { fan(CROWD, CROWD, CROWD_CAPACITY, elements) }
    m.report("crowd-2", few)
    m.report("crowd-1000", many)
    m.report("crowd-throughput", few / many)
    m.report("crowd-longest-wait", m.median { longestWait(CROWD, elements / CROWD) })
}

private fun longestWait(each: Int, times: Int): Double {
    val channel = Channel<Int>(CROWD_CAPACITY)
    val longest = LongArray(2 * each)
    runBlocking(Dispatchers.Default) {
        for (i in longest.indices) {
            launch {
                repeat(times) {
                    val start = System.nanoTime()
                    if (i % 2 == 0) channel.send(1) else channel.receive()
                    longest[i] = maxOf(longest[i], System.nanoTime() - start)
                }
            }
        }
    }
    longest.sort()
    return longest.last() / longest[longest.size / 2].toDouble()
}

private fun unusedBytes(count: Int): Double {
    val channels = arrayOfNulls<Channel<Int>>(count)
    val before = Waiting.usedBytes()
    for (i in channels.indices) channels[i] = Channel(16)
    val bytes = Waiting.usedBytes() - before
    check(channels.all { it != null }) // also keeps them until here
    return bytes / count.toDouble()
}
