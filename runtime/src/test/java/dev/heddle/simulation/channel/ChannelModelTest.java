package dev.heddle.simulation.channel;

import static dev.heddle.simulation.channel.Programs.close;
import static dev.heddle.simulation.channel.Programs.program;
import static dev.heddle.simulation.channel.Programs.receive;
import static dev.heddle.simulation.channel.Programs.select;
import static dev.heddle.simulation.channel.Programs.send;
import static dev.heddle.simulation.channel.Programs.tryTo;
import static dev.heddle.simulation.channel.Programs.within;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.simulation.channel.Event.Call;
import dev.heddle.simulation.channel.Event.End;
import dev.heddle.simulation.channel.Event.Rest;
import dev.heddle.simulation.channel.Event.Return;
import dev.heddle.simulation.channel.Event.Wait;
import dev.heddle.simulation.channel.Program.Ending;
import dev.heddle.simulation.channel.Program.Interrupt;
import dev.heddle.simulation.channel.Program.Result;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The {@link ChannelModel} takes what a channel may do, and nothing else. */
class ChannelModelTest {
    private static final Result DONE = Result.DONE;

    private static Result received(int element) {
        return new Result(Ending.DONE, 0, element);
    }

    private static Result closed(int cause) {
        return new Result(Ending.CLOSED, 0, cause);
    }

    /** {@return the number of the first event that cannot be, or -1} */
    private static int firstWrong(Program program, Event... events) {
        ChannelModel model = new ChannelModel(program);
        for (int i = 0; i < events.length; i++) {
            if (model.see(events[i]).isPresent()) {
                return i;
            }
        }
        return -1;
    }

    private static void assertRight(Program program, Event... events) {
        assertThat(firstWrong(program, events)).isEqualTo(-1);
    }

    /** The last event is wrong, and no other. */
    private static void assertWrong(Program program, Event... events) {
        assertThat(firstWrong(program, events)).isEqualTo(events.length - 1);
    }

    @Test
    void anElementArrivesOnce() {
        Program program = program(List.of(0), List.of(send(0, 1)), List.of(receive(0)), List.of(receive(0)));
        Event[] sent = {new Call(0, 0), new Call(1, 0), new Call(2, 0), new Return(0, 0, DONE)};
        assertRight(program, sent[0], sent[1], sent[2], sent[3], new Return(1, 0, received(1)));
        assertRight(program, sent[0], sent[1], sent[2], sent[3], new Return(2, 0, received(1)));
        assertWrong(program, sent[0], sent[1], sent[2], sent[3], new Return(1, 0, received(2)));
        assertWrong(
                program,
                sent[0],
                sent[1],
                sent[2],
                sent[3],
                new Return(1, 0, received(1)),
                new Return(2, 0, received(1)));
    }

    @Test
    void aSendWithoutRoomWaitsForAReceiver() {
        Program program = program(List.of(0), List.of(send(0, 1)), List.of(tryTo(receive(0))));
        assertWrong(program, new Call(0, 0), new Return(0, 0, DONE));
        assertRight(program, new Call(0, 0), new Call(1, 0), new Return(0, 0, DONE), new Return(1, 0, received(1)));
        assertRight(program, new Call(0, 0), new Call(1, 0), new Return(1, 0, Result.NOTHING));
        assertWrong(program, new Call(0, 0), new Wait(0, 0), new Call(1, 0), new Return(1, 0, Result.NOTHING));
    }

    @Test
    void theOrderIsThatOfArrival() {
        Program senders = program(List.of(0), List.of(send(0, 1)), List.of(send(0, 2)), List.of(receive(0)));
        assertWrong(
                senders, new Call(0, 0), new Wait(0, 0), new Call(1, 0), new Call(2, 0), new Return(2, 0, received(2)));
        assertRight(
                senders,
                new Call(0, 0),
                new Call(1, 0),
                new Wait(1, 0),
                new Wait(0, 0),
                new Call(2, 0),
                new Return(2, 0, received(2)));
        Program buffer = program(List.of(2), List.of(send(0, 1), send(0, 2), receive(0)));
        assertWrong(
                buffer,
                new Call(0, 0),
                new Return(0, 0, DONE),
                new Call(0, 1),
                new Return(0, 1, DONE),
                new Call(0, 2),
                new Return(0, 2, received(2)));
    }

    @Test
    void nobodyWaitsAtRestWhoCouldGoOn() {
        Program program = program(List.of(0), List.of(send(0, 1)), List.of(receive(0)), List.of(new Interrupt(0)));
        assertRight(program, new Call(0, 0), new Wait(0, 0), new Rest());
        assertWrong(program, new Call(0, 0), new Wait(0, 0), new Call(1, 0), new Wait(1, 0), new Rest());
        assertWrong(program, new Call(0, 0), new Wait(0, 0), new Call(2, 0), new Return(2, 0, DONE), new Rest());
    }

    @Test
    void whatTimesOutHasNoEffect() {
        Program program = program(List.of(0), List.of(within(10, send(0, 1))), List.of(receive(0)));
        assertRight(
                program, new Call(0, 0), new Wait(0, 0), new Return(0, 0, Result.NOTHING), new Call(1, 0), new Rest());
        assertWrong(
                program,
                new Call(0, 0),
                new Return(0, 0, Result.NOTHING),
                new Call(1, 0),
                new Return(1, 0, received(1)));
    }

    @Test
    void anInterruptIsSeenOnce() {
        Program program = program(List.of(0), List.of(receive(0), tryTo(send(0, 1))), List.of(new Interrupt(0)));
        Event[] interrupted = {new Call(0, 0), new Call(1, 0), new Return(1, 0, DONE)};
        Event[] seen = {new Return(0, 0, Result.INTERRUPTED), new Call(0, 1), new Return(0, 1, Result.NOTHING)};
        assertWrong(program, new Call(0, 0), new Return(0, 0, Result.INTERRUPTED));
        assertRight(
                program, interrupted[0], interrupted[1], interrupted[2], seen[0], seen[1], seen[2], new End(0, false));
        assertWrong(
                program, interrupted[0], interrupted[1], interrupted[2], seen[0], seen[1], seen[2], new End(0, true));
    }

    @Test
    void aClosedChannelIsDrained() {
        Program program = program(List.of(1), List.of(send(0, 1), close(0, 9)), List.of(receive(0), receive(0)));
        Event[] closed = {new Call(0, 0), new Return(0, 0, DONE), new Call(0, 1), new Return(0, 1, DONE), new Call(1, 0)
        };
        assertWrong(program, closed[0], closed[1], closed[2], closed[3], closed[4], new Return(1, 0, closed(9)));
        assertRight(
                program,
                closed[0],
                closed[1],
                closed[2],
                closed[3],
                closed[4],
                new Return(1, 0, received(1)),
                new Call(1, 1),
                new Return(1, 1, closed(9)));
    }

    @Test
    void aSelectDoesOneThing() {
        Program program = program(
                List.of(0, 0),
                List.of(select(send(0, 1), receive(1))),
                List.of(tryTo(receive(0))),
                List.of(tryTo(send(1, 2))));
        Event[] waits = {new Call(0, 0), new Wait(0, 0), new Call(1, 0), new Return(1, 0, received(1)), new Call(2, 0)};
        assertRight(program, waits[0], waits[1], waits[2], waits[3], waits[4], new Return(2, 0, Result.NOTHING));
        assertWrong(program, waits[0], waits[1], waits[2], waits[3], waits[4], new Return(2, 0, DONE));
        assertWrong(program, waits[0], waits[1], waits[2], waits[3], new Return(0, 0, new Result(Ending.DONE, 1, 2)));
    }
}
