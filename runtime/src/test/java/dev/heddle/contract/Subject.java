package dev.heddle.contract;

import dev.heddle.FiberBacking;
import dev.heddle.Heddle;
import dev.heddle.HeddleBuilder;
import dev.heddle.Model;

/** Who is held to the contract: each model, and FIBER once more on OS threads. */
enum Subject {
    PROCESS(Model.PROCESS),
    THREAD(Model.THREAD),
    GREEN(Model.GREEN),
    FIBER(Model.FIBER),
    FIBER_ON_OS_THREADS(Model.FIBER) {
        @Override
        HeddleBuilder builder() {
            return super.builder().fiberBacking(FiberBacking.OS_THREAD);
        }
    };

    final Model model;

    Subject(Model model) {
        this.model = model;
    }

    HeddleBuilder builder() {
        return Heddle.builder(model);
    }
}
