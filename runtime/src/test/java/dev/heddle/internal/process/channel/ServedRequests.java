package dev.heddle.internal.process.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.Channel;
import dev.heddle.Overflow;
import dev.heddle.internal.channel.QueueChannel;
import dev.heddle.internal.process.form.ChannelHandle;
import dev.heddle.internal.process.form.Payload;
import dev.heddle.internal.process.form.Payload.Role;
import dev.heddle.internal.process.form.RemoteFailure;
import dev.heddle.internal.process.link.Doorbell;
import dev.heddle.internal.process.link.Link;
import dev.heddle.internal.process.link.Message.Op;
import dev.heddle.internal.process.link.Message.Outcome;
import dev.heddle.internal.process.link.Message.Reply;
import dev.heddle.internal.process.link.Message.Request;
import dev.heddle.testing.HeddleTest;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A {@link ChannelServer} without a worker: the test asks what it likes and reads the answers. */
abstract class ServedRequests extends HeddleTest {
    static final long A = 1;
    static final long B = 2;
    static final long UNKNOWN = 3;

    private final MemorySegment memory = Arena.ofAuto().allocate(Link.bytes(), 4096);
    private final Link parent = new Link(memory, true, Doorbell.Kind.POLLING);
    private final Link worker = new Link(memory, false, Doorbell.Kind.POLLING);

    final Map<Long, ProcessChannel<String>> channels = new HashMap<>();
    ChannelServer server = server();

    ChannelServer server() {
        return new ChannelServer(parent, channels::get, "worker-1");
    }

    Channel<String> channel(long number, int capacity, Overflow overflow) {
        ProcessChannel<String> channel = new ProcessChannel<>(
                new ChannelHandle(ChannelHandle.Kind.CHANNEL, 0, number, capacity, overflow), null);
        channels.put(number, channel);
        return channel;
    }

    Channel<String> channel(long number, int capacity) {
        return channel(number, capacity, Overflow.BLOCK);
    }

    /** {@return whether anybody is in the channel's queues, even if it cannot be served any more} */
    static boolean hasWaiters(Channel<?> channel) {
        try {
            Object queue = field(ProcessChannel.class, "queue").get(channel);
            Field first = field(Class.forName("dev.heddle.internal.channel.WaiterQueue"), "first");
            return first.get(field(QueueChannel.class, "senders").get(queue)) != null
                    || first.get(field(QueueChannel.class, "receivers").get(queue)) != null;
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    private static Field field(Class<?> type, String name) throws NoSuchFieldException {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }

    static byte[] element(String text) {
        return Payload.write(text, Role.ELEMENT);
    }

    static byte[] receive(long channel) {
        return operation(channel, -1);
    }

    static byte[] send(long channel, String text) {
        byte[] element = element(text);
        return join(operation(channel, element.length), element);
    }

    static byte[] operation(long channel, int length) {
        return ByteBuffer.allocate(12).putLong(channel).putInt(length).array();
    }

    static byte[] join(byte[]... parts) {
        ByteBuffer all = ByteBuffer.allocate(
                Arrays.stream(parts).mapToInt(part -> part.length).sum());
        for (byte[] part : parts) {
            all.put(part);
        }
        return all.array();
    }

    void select(long request, byte[]... operations) {
        server.serve(new Request(Op.SELECT, request, request, join(operations)));
    }

    List<Reply> answers() {
        List<Reply> answers = new ArrayList<>();
        worker.begin(message -> answers.add((Reply) message));
        worker.serve();
        return answers;
    }

    Reply answer() {
        List<Reply> answers = answers();
        assertThat(answers).hasSize(1);
        return answers.getFirst();
    }

    static String words(Reply reply) {
        String words = reply.request() + " " + reply.outcome() + " " + reply.number();
        if (reply.payload().length == 0) {
            return words;
        }
        return words + " "
                + (reply.outcome() == Outcome.CLOSED
                        ? RemoteFailure.read(reply.payload(), true, "here").getMessage()
                        : Payload.read(reply.payload(), Role.ELEMENT, true));
    }
}
