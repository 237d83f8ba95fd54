package dev.heddle.simulation.channel;

import dev.heddle.Channel;
import dev.heddle.ChannelClosedException;
import dev.heddle.ChannelFullException;
import dev.heddle.Overflow;
import dev.heddle.Received;
import dev.heddle.Select;
import dev.heddle.internal.Blocker;
import dev.heddle.internal.channel.QueueChannel;
import dev.heddle.simulation.Interleaving;
import dev.heddle.simulation.channel.Program.Clause;
import dev.heddle.simulation.channel.Program.Close;
import dev.heddle.simulation.channel.Program.Ending;
import dev.heddle.simulation.channel.Program.Interrupt;
import dev.heddle.simulation.channel.Program.Operation;
import dev.heddle.simulation.channel.Program.Pass;
import dev.heddle.simulation.channel.Program.Result;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.List;

/** Those of the runtime. Loaded once more with them, by {@link ChannelRuns}. */
final class RealChannels implements Channels {
    private final List<? extends Channel<Integer>> channels;

    /** Made before the threads begin. */
    private final IdentityHashMap<Pass, Select<Result>> selects = new IdentityHashMap<>();

    RealChannels(Program program) {
        channels = program.channels().stream()
                .map(kind -> new QueueChannel<Integer>(
                        kind.capacity(), Overflow.valueOf(kind.overflow().name())))
                .toList();
        for (List<Operation> operations : program.threads()) {
            for (Operation operation : operations) {
                if (operation instanceof Pass pass && pass.selects()) {
                    selects.put(pass, select(pass));
                }
            }
        }
    }

    /** Why a channel is closed. */
    private static final class Cause extends RuntimeException {
        private static final long serialVersionUID = 1L;

        final int number;

        Cause(int number) {
            super(null, null, false, false);
            this.number = number;
        }
    }

    @Override
    public Result perform(Operation operation) {
        try {
            return switch (operation) {
                case Pass pass when pass.selects() -> selects.get(pass).await();
                case Pass pass -> pass(pass, pass.clauses().getFirst());
                case Close(int channel, int cause) -> {
                    channels.get(channel).close(new Cause(cause));
                    yield Result.DONE;
                }
                case Interrupt(int thread) -> {
                    Interleaving.interrupt(thread);
                    yield Result.DONE;
                }
            };
        } catch (InterruptedException e) {
            return Result.INTERRUPTED;
        } catch (ChannelFullException e) {
            return Result.FULL;
        } catch (ChannelClosedException e) {
            return closed(e.getCause());
        }
    }

    private Result pass(Pass pass, Clause clause) throws InterruptedException {
        Channel<Integer> channel = channels.get(clause.channel());
        int element = clause.element();
        Duration timeout = Duration.ofNanos(pass.nanos());
        if (clause.sends()) {
            boolean sent = switch (pass.form()) {
                case NOT -> channel.trySend(element);
                case FOR_SOME_TIME -> channel.send(element, timeout);
                case FOR_EVER -> {
                    channel.send(element);
                    yield true;
                }
            };
            return sent ? Result.DONE : Result.NOTHING;
        }
        Received<Integer> received = switch (pass.form()) {
            case NOT -> channel.tryReceive();
            case FOR_SOME_TIME -> channel.receive(timeout);
            case FOR_EVER -> new Received.Element<>(channel.receive());
        };
        return switch (received) {
            case Received.Element<Integer>(Integer value) -> new Result(Ending.DONE, 0, value);
            case Received.Empty<Integer> e -> Result.NOTHING;
            case Received.Closed<Integer>(Throwable cause) -> closed(cause);
        };
    }

    private Select<Result> select(Pass pass) {
        Select<Result> select = new Select<>();
        for (int i = 0; i < pass.clauses().size(); i++) {
            int number = i;
            Clause clause = pass.clauses().get(i);
            Channel<Integer> channel = channels.get(clause.channel());
            if (clause.sends()) {
                select.send(channel, clause::element, () -> new Result(Ending.DONE, number, 0));
            } else {
                select.receive(channel, value -> new Result(Ending.DONE, number, value), RealChannels::closed);
            }
        }
        switch (pass.form()) {
            case NOT -> select.otherwise(() -> Result.NOTHING);
            case FOR_SOME_TIME -> select.timeout(Duration.ofNanos(pass.nanos()), () -> Result.NOTHING);
            case FOR_EVER -> {}
        }
        return select;
    }

    private static Result closed(Throwable cause) {
        return new Result(Ending.CLOSED, 0, cause == null ? 0 : ((Cause) cause).number);
    }

    @Override
    public boolean isWait(Object blocker) {
        return blocker instanceof Blocker;
    }
}
