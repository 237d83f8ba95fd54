package dev.heddle.internal.process;

import dev.heddle.Stats;
import dev.heddle.internal.HeddleCore;
import dev.heddle.internal.Options;
import dev.heddle.internal.TaskCore;

/** SKELETON to be replaced. */
public final class ProcessHeddle extends HeddleCore {
    public ProcessHeddle(Options options) {
        super(options);
    }

    @Override
    protected void launch(TaskCore<?> task) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int processors() {
        return 1;
    }

    @Override
    protected int resize(int n) {
        return 1;
    }

    @Override
    protected void release() {}

    @Override
    public Stats stats() {
        throw new UnsupportedOperationException();
    }
}
