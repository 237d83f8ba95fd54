package dev.heddle.lab.experiment;

import java.util.List;

/** All experiments, in the order in which they are shown. */
public final class Experiments {
    private Experiments() {}

    /** {@return each, by question} */
    public static List<Experiment> all() {
        return List.of(
                new Multicore(),
                new Overlap(),
                new Devices(),
                new NetworkClients(),
                new LostUpdate(),
                new Philosophers(),
                new Starvation(),
                Probes.ofModels(),
                new Costs(),
                new MostTasks(),
                Probes.ofPeers(),
                new Gil(),
                new SwitchInterval(),
                new Convoy(),
                new WayRound(),
                new Transport(),
                new Processors(),
                new Resize(),
                new Blocked());
    }
}
