package dev.heddle.internal.vthread;

import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.Task;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/** Has sockets used by the JDK's virtual threads and by ours, under hosts that run the pollers and under some that do not. */
@SuppressWarnings("serial") // these jobs stay in this JVM
final class PollersProgram {
    private static final int ROUND_TRIPS = 20;

    /** Together they take ten minutes. */
    private static final int BACKLOG = 200_000;

    private static final long TASK_NANOS = 3_000_000;

    private PollersProgram() {}

    /** @param args none */
    public static void main(String[] args) throws Exception {
        try (Heddle host = Heddle.open(Model.GREEN)) {
            inHeddle(host);
            outside();
            try (Heddle later = Heddle.open(Model.GREEN)) {
                inHeddle(later);
                inHeddle(host);
            }
            inHeddle(host);
        }
        outside(); // nobody hosts them now
        theyRunWhereTheyAreHosted();
        theyLeaveAHostThatDoesNotRunThem();
        theyRunBeforeWhateverWaits();
        theyLeaveAHeddleThatHasNoCarriersLeft();
        System.out.println("all echoed");
    }

    /** A host that counts, and has the JDK's scheduler do the work. */
    private static void theyRunWhereTheyAreHosted() throws Exception {
        Queue<Runnable> seen = new ConcurrentLinkedQueue<>();
        VirtualThreads host = VirtualThreads.on(
                PollersProgram.class,
                continuation -> {
                    seen.add(continuation);
                    VirtualThreads.schedulerOfJdk().execute(continuation);
                },
                "host",
                Stream::empty);
        host.hostPollers();
        outside();
        host.withdrawPollers();
        if (seen.isEmpty() || !seen.stream().allMatch(each -> Pollers.isOne(VirtualThreads.threadOf(each)))) {
            throw new AssertionError("the host was handed " + seen);
        }
        host.close();
    }

    /** Whatever it was handed before it withdraws is run elsewhere, and nothing is handed to it later. */
    private static void theyLeaveAHostThatDoesNotRunThem() throws Exception {
        CountDownLatch handed = new CountDownLatch(1);
        VirtualThreads host =
                VirtualThreads.on(PollersProgram.class, continuation -> handed.countDown(), "never", Stream::empty);
        host.hostPollers();
        Future<?> echo = Executors.newVirtualThreadPerTaskExecutor().submit(PollersProgram::echo);
        handed.await(); // a poller was due, and is not run
        host.withdrawPollers();
        echo.get();
        outside();
        host.close();
    }

    /** Tasks that wait for the processor of the host, more than it can run in the time that there is. */
    private static void theyRunBeforeWhateverWaits() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        try (Heddle heddle = Heddle.builder(Model.GREEN).processors(1).open()) {
            for (int i = 0; i < BACKLOG; i++) {
                heddle.start(() -> {
                    long end = System.nanoTime() + TASK_NANOS;
                    while (!over.get() && System.nanoTime() < end) {
                        Thread.onSpinWait();
                    }
                    return 0;
                });
            }
            outside();
            over.set(true);
        }
    }

    /** One processor, no spare carrier, and a task that keeps it. */
    private static void theyLeaveAHeddleThatHasNoCarriersLeft() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        CountDownLatch spins = new CountDownLatch(1);
        try (Heddle heddle =
                Heddle.builder(Model.GREEN).processors(1).spareCarriers(0).open()) {
            Task<Integer> hog = heddle.start(() -> {
                spins.countDown();
                while (!over.get()) {
                    Thread.onSpinWait();
                }
                return 0;
            });
            spins.await();
            outside();
            over.set(true);
            hog.join();
        }
    }

    private static void inHeddle(Heddle heddle) throws Exception {
        heddle.start(PollersProgram::echo).join();
    }

    private static void outside() throws InterruptedException, ExecutionException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            threads.submit(PollersProgram::echo).get();
        }
    }

    /** The calling virtual thread and one that it makes send each other bytes, and wait for each. */
    private static int echo() throws IOException, InterruptedException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket peer = server.accept()) {
            Thread other = Thread.startVirtualThread(() -> {
                try {
                    for (int i = 0; i < ROUND_TRIPS; i++) {
                        peer.getOutputStream().write(peer.getInputStream().read() + 1);
                    }
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            for (int i = 0; i < ROUND_TRIPS; i++) {
                client.getOutputStream().write(i);
                int answer = client.getInputStream().read();
                if (answer != i + 1) {
                    throw new AssertionError("sent " + i + ", got " + answer);
                }
            }
            other.join();
            return 0;
        }
    }
}
