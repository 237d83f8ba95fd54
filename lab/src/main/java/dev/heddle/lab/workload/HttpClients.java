package dev.heddle.lab.workload;

import dev.heddle.Heddle;
import dev.heddle.lab.Args;
import dev.heddle.lab.Outcome;
import dev.heddle.lab.Workload;

/** A small HTTP service with one task per connection, as {@link Clients} is an echo server. */
public final class HttpClients implements Workload {
    @Override
    public String describe() {
        return "an HTTP service with one task per connection: CLIENTS of them, ROUNDTRIPS requests each"
                + " (CLIENTS: 100, ROUNDTRIPS: 50)";
    }

    @Override
    public Outcome run(Heddle h, Args args) throws Exception {
        return Clients.run(h, args, Protocol.HTTP);
    }
}
