package dev.heddle.servers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.testing.HeddleTest;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** What a server notes of the requests of {@link KeepAliveClients}. The first round waits until all of it is in. */
final class Requests {
    private final CountDownLatch firstRound = new CountDownLatch(KeepAliveClients.COUNT);
    private final Set<Integer> clientPorts = ConcurrentHashMap.newKeySet();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicInteger elsewhere = new AtomicInteger();

    /** Called by the thread that answers a request. */
    void arrived(int clientPort, boolean onHeddle) throws InterruptedException {
        clientPorts.add(clientPort);
        count.incrementAndGet();
        if (!onHeddle) {
            elsewhere.incrementAndGet();
        }
        firstRound.countDown();
        assertThat(firstRound.await(HeddleTest.LONG.toSeconds(), TimeUnit.SECONDS))
                .as("a thousand requests are served at once")
                .isTrue();
    }

    void assertAllCameOverTheSameConnections() {
        assertThat(count.get()).isEqualTo(KeepAliveClients.COUNT * KeepAliveClients.ROUNDS);
        assertThat(clientPorts).hasSize(KeepAliveClients.COUNT);
        assertThat(elsewhere.get()).as("served on other threads").isZero();
    }
}
