package dev.heddle.lab.workload;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.Sink;
import dev.heddle.Task;
import dev.heddle.lab.Args;
import dev.heddle.lab.Outcome;
import dev.heddle.lab.UsageException;
import dev.heddle.lab.Workload;
import dev.heddle.lab.WrongResultException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * An echo server with one task per network client, in straight-line blocking code, over real sockets on loopback.
 *
 * <p>An accepted socket cannot cross to another process and the code is to be the same in every model, so each task
 * opens a listening socket of its own, says by channel where it listens, and serves the one client that comes. Under
 * PROCESS only as many clients are served at a time as there are workers; the others wait for their turn.
 */
public final class Clients implements Workload {
    private static final int DEFAULT_CLIENTS = 100;
    private static final int DEFAULT_ROUND_TRIPS = 50;
    private static final int MOST_CLIENTS = 50_000;

    @Override
    public String describe() {
        return "an echo server with one task per client: CLIENTS of them, ROUNDTRIPS messages each"
                + " (CLIENTS: 100, ROUNDTRIPS: 50)";
    }

    @Override
    public Outcome run(Heddle h, Args args) throws Exception {
        return run(h, args, Protocol.ECHO);
    }

    static Outcome run(Heddle h, Args args, Protocol protocol) throws Exception {
        args.requireAtMost(2);
        int clients = atMost(MOST_CLIENTS, "CLIENTS", args.number(0, "CLIENTS", DEFAULT_CLIENTS));
        int roundTrips = atMost(1_000_000, "ROUNDTRIPS", args.number(1, "ROUNDTRIPS", DEFAULT_ROUND_TRIPS));
        if (h.model() != Model.PROCESS) { // which serves as many at a time as there are workers
            ClientLimit.requireFiles(clients);
        }

        Channel<Integer> ports = h.channel(clients);
        LoadGenerator load = LoadGenerator.start(protocol, ports, clients, roundTrips);
        List<Task<Long>> tasks = new ArrayList<>();
        long served = 0;
        try {
            for (int i = 0; i < clients; i++) {
                tasks.add(h.start(() -> serveOne(protocol, ports)));
            }
            for (long bytes : Tasks.joinAll(tasks, load::check)) {
                served += bytes;
            }
        } catch (Exception e) {
            load.stop(); // what it has to say now is only that the server is gone
            throw e;
        } finally {
            ports.close();
        }
        long[] latencies = load.awaitLatencies();
        long trips = (long) clients * roundTrips;
        if (served != load.received() || latencies.length != trips) {
            throw new WrongResultException("the server sent " + served + " bytes and the clients got " + load.received()
                    + ", in " + latencies.length + " round trips of " + trips);
        }
        return Outcome.of("clients", clients)
                .with("served at once", load.mostAtOnce())
                .with("round trips", latencies.length)
                .withLatencies(latencies);
    }

    private static int atMost(int most, String name, long asked) {
        if (asked > most) {
            throw new UsageException(name + " must be at most " + most + ", and is " + asked);
        }
        return (int) asked;
    }

    /** Serves one client until it hangs up. Channels, since an interrupt ends their waiting, also on OS threads. */
    private static long serveOne(Protocol protocol, Sink<Integer> ports) throws IOException, InterruptedException {
        try (ServerSocketChannel listening = ServerSocketChannel.open()) {
            listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
            ports.send(listening.socket().getLocalPort());
            try (SocketChannel client = listening.accept()) {
                client.setOption(StandardSocketOptions.TCP_NODELAY, true);
                return protocol.serve(client);
            }
        }
    }
}
