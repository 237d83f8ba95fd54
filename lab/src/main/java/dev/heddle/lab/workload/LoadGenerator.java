package dev.heddle.lab.workload;

import dev.heddle.Source;
import dev.heddle.lab.WrongResultException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The clients of the servers: all of them on one platform thread with a selector, outside of the heddle, so that
 * the load costs the same under every model.
 *
 * <p>A second thread waits for the ports to connect to and hands them over: a selector cannot wait for a channel.
 * Invariant: only the selector's thread touches connections, counts and latencies until it has ended;
 * they are read after joining it.
 */
final class LoadGenerator {
    private final Protocol protocol;
    private final int clients;
    private final int roundTrips;
    private final Selector selector;
    private final Queue<Integer> portsToConnect = new ConcurrentLinkedQueue<>();
    private final long[] latencies;
    private final Thread load = Thread.ofPlatform().name("load").unstarted(this::run);

    private int connected;
    private int finished;
    private int mostAtOnce;
    private int measured;
    private long received;
    private volatile boolean stopped;
    private volatile @Nullable Exception failure;

    private LoadGenerator(Protocol protocol, int clients, int roundTrips) throws IOException {
        this.protocol = protocol;
        this.clients = clients;
        this.roundTrips = roundTrips;
        latencies = new long[Math.multiplyExact(clients, roundTrips)];
        selector = Selector.open();
    }

    /**
     * Starts the load.
     *
     * @param protocol what they say
     * @param ports where the servers listen; closed by the caller at the latest when nothing will listen any more
     * @param clients how many ports will come
     * @param roundTrips how many messages each client sends, one after the other
     */
    static LoadGenerator start(Protocol protocol, Source<Integer> ports, int clients, int roundTrips)
            throws IOException {
        LoadGenerator generator = new LoadGenerator(protocol, clients, roundTrips);
        Thread.ofPlatform().name("load-ports").daemon().start(() -> {
            for (int port : ports) {
                generator.portsToConnect.add(port);
                generator.selector.wakeup();
            }
        });
        generator.load.start();
        return generator;
    }

    /** @throws Exception what the load generator met with, if it has ended because of that */
    void check() throws Exception {
        Exception met = failure;
        if (met != null) {
            throw met;
        }
    }

    /** Ends the load before its time and waits until it has ended. */
    void stop() throws InterruptedException {
        stopped = true;
        selector.wakeup();
        load.join();
    }

    /**
     * Waits until the last client has finished; all servers have, so that none is left to wait for.
     *
     * @return the time of each round trip in nanoseconds
     * @throws Exception what the load generator met with
     */
    long[] awaitLatencies() throws Exception {
        load.join();
        check();
        return Arrays.copyOf(latencies, measured);
    }

    /** {@return how many clients were served at the same time, at most} To be called after {@link #awaitLatencies}. */
    int mostAtOnce() {
        return mostAtOnce;
    }

    /** {@return how many bytes the clients got} To be called after {@link #awaitLatencies}. */
    long received() {
        return received;
    }

    private void run() {
        try (selector) {
            try {
                while (finished < clients && !stopped) {
                    selector.select();
                    for (Integer port = portsToConnect.poll(); port != null; port = portsToConnect.poll()) {
                        connect(port);
                    }
                    for (SelectionKey key : selector.selectedKeys()) {
                        if (((Client) key.attachment()).advance(key)) {
                            key.channel().close();
                            finished++;
                        }
                    }
                    selector.selectedKeys().clear();
                }
            } finally {
                for (SelectionKey key : selector.keys()) {
                    key.channel().close(); // so that no server waits for a client that is gone
                }
            }
        } catch (IOException | RuntimeException e) {
            failure = e;
        }
    }

    private void connect(int port) throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT);
        Client client = new Client(connected++);
        mostAtOnce = Math.max(mostAtOnce, connected - finished);
        key.attach(client);
        if (channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
            client.send(key);
        }
    }

    /** One connection: sends a request, waits for all of its answer, and so on. */
    private final class Client {
        private final int number;
        private ByteBuffer request = ByteBuffer.allocate(0);
        private ByteBuffer answer = ByteBuffer.allocate(0);
        private int trip;
        private long sentAt;

        Client(int number) {
            this.number = number;
        }

        /** {@return whether this client has finished} */
        boolean advance(SelectionKey key) throws IOException {
            SocketChannel channel = (SocketChannel) key.channel();
            if (key.isConnectable()) {
                channel.finishConnect();
                send(key);
            } else if (key.isWritable()) {
                write(key);
            } else if (key.isReadable()) {
                if (channel.read(answer) < 0) {
                    throw new WrongResultException("the server hung up on client " + number + " in round trip " + trip);
                }
                if (!answer.hasRemaining()) {
                    latencies[measured++] = System.nanoTime() - sentAt;
                    verify();
                    if (++trip == roundTrips) {
                        return true;
                    }
                    send(key);
                }
            }
            return false;
        }

        void send(SelectionKey key) throws IOException {
            request = ByteBuffer.wrap(protocol.request(number, trip));
            answer = ByteBuffer.allocate(protocol.answer(number, trip).length);
            sentAt = System.nanoTime();
            write(key);
        }

        private void write(SelectionKey key) throws IOException {
            ((SocketChannel) key.channel()).write(request);
            key.interestOps(request.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
        }

        private void verify() {
            byte[] right = protocol.answer(number, trip);
            int wrong = Arrays.mismatch(answer.array(), right);
            if (wrong >= 0) {
                throw new WrongResultException("byte " + wrong + " of the answer to client " + number
                        + " in round trip " + trip + " is " + answer.get(wrong) + ", and should be " + right[wrong]);
            }
            received += right.length;
        }
    }
}
