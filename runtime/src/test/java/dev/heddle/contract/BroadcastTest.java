package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.Broadcast;
import dev.heddle.Channel;
import dev.heddle.ChannelClosedException;
import dev.heddle.ChannelFullException;
import dev.heddle.Heddle;
import dev.heddle.Overflow;
import dev.heddle.Received;
import dev.heddle.Select;
import dev.heddle.Subscription;
import dev.heddle.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every subscriber gets every element, and a send is for all of them or for none. */
class BroadcastTest extends ContractTest {
    private static final int ELEMENTS = 200;

    private static List<Integer> drain(Subscription<Integer> subscription) {
        List<Integer> all = new ArrayList<>();
        subscription.forEach(all::add);
        return all;
    }

    @Test
    void everySubscriberGetsEveryElementInOneOrder() throws Exception {
        Heddle heddle = heddle();
        Broadcast<Integer> broadcast = heddle.broadcast(4);
        List<Subscription<Integer>> subscriptions =
                List.of(broadcast.subscribe(), broadcast.subscribe(), broadcast.subscribe());
        assertThat(broadcast.subscribers()).isEqualTo(3);
        List<Task<List<Integer>>> subscribers = new ArrayList<>();
        for (Subscription<Integer> subscription : subscriptions.subList(0, 2)) {
            subscribers.add(heddle.start(() -> drain(subscription)));
        }
        Task<List<Integer>> third = heddle.start(() -> {
            List<Integer> all = new ArrayList<>();
            Subscription<Integer> mine = subscriptions.get(2);
            Select<Boolean> next = new Select<Boolean>().receive(mine, all::add, cause -> false);
            while (next.isOpen()) {
                next.await();
            }
            return all;
        });
        Task<?> other = heddle.start(() -> {
            for (int i = 0; i < ELEMENTS; i++) {
                broadcast.send(-i - 1);
            }
        });
        for (int i = 0; i < ELEMENTS; i++) {
            broadcast.send(i);
        }
        other.join();
        broadcast.close();
        List<Integer> order = third.join();
        assertThat(order).hasSize(2 * ELEMENTS).doesNotHaveDuplicates();
        assertThat(order.stream().filter(element -> element >= 0)).isSorted();
        for (Task<List<Integer>> subscriber : subscribers) {
            assertThat(subscriber.join()).isEqualTo(order);
        }
    }

    @Test
    void aSendWaitsForTheSlowestAndForNobodyWhoHasLeft() throws Exception {
        Heddle heddle = heddle();
        Broadcast<Integer> broadcast = heddle.broadcast(1);
        Subscription<Integer> quick = broadcast.subscribe();
        Subscription<Integer> slow = broadcast.subscribe();
        broadcast.send(1);
        assertThat(quick.receive()).isEqualTo(1);
        assertThat(broadcast.trySend(2)).isFalse();
        assertThat(broadcast.send(2, Duration.ofMillis(1))).isFalse();
        assertThat(quick.tryReceive()).as("what was not sent, nobody gets").isEqualTo(new Received.Empty<Integer>());
        Task<?> sender = heddle.start(() -> broadcast.send(3));
        awaitWaiting(heddle, 1);
        assertThat(slow.receive()).isEqualTo(1);
        sender.join();
        Task<?> another = heddle.start(() -> broadcast.send(4));
        awaitWaiting(heddle, 1);
        slow.close();
        assertThat(quick.receive()).isEqualTo(3);
        another.join();
        assertThat(quick.receive()).isEqualTo(4);
        assertThat(slow.tryReceive()).isEqualTo(new Received.Closed<Integer>(null));
        assertThat(broadcast.subscribers()).isEqualTo(1);
    }

    @Test
    void whatIsSentBeforeSubscribingOrWithoutSubscribersIsGone() throws Exception {
        Broadcast<Integer> broadcast = heddle().broadcast(1);
        for (int i = 0; i < 3; i++) {
            broadcast.send(i);
        }
        Subscription<Integer> subscription = broadcast.subscribe();
        assertThat(subscription.size()).isZero();
        broadcast.send(3);
        assertThat(subscription.size()).isEqualTo(1);
        assertThat(subscription.receive()).isEqualTo(3);
    }

    @Test
    void aCancelledSenderHasSentNothingToAnybody() throws Exception {
        Heddle heddle = heddle();
        Broadcast<Integer> broadcast = heddle.broadcast(1);
        Subscription<Integer> empty = broadcast.subscribe();
        Subscription<Integer> full = broadcast.subscribe();
        broadcast.send(1);
        assertThat(empty.receive()).isEqualTo(1);
        Task<?> sender = heddle.start(() -> broadcast.send(2));
        awaitWaiting(heddle, 1);
        sender.cancel(true);
        awaitIdle(heddle);
        assertThat(full.receive()).isEqualTo(1);
        assertThat(full.tryReceive()).isEqualTo(new Received.Empty<Integer>());
        assertThat(empty.tryReceive()).isEqualTo(new Received.Empty<Integer>());
    }

    @Test
    void closeLetsSubscribersReceiveWhatWasSentAndTellsTheCause() throws Exception {
        Heddle heddle = heddle();
        Broadcast<Integer> broadcast = heddle.broadcast(1);
        Subscription<Integer> subscription = broadcast.subscribe();
        broadcast.send(1);
        Task<?> sender = heddle.start(() -> broadcast.send(2));
        awaitWaiting(heddle, 1);
        broadcast.close(new IllegalStateException("out of ink"));
        assertThatThrownBy(sender::join).hasCauseInstanceOf(ChannelClosedException.class);
        assertThat(subscription.receive()).isEqualTo(1);
        assertThatThrownBy(subscription::receive)
                .isInstanceOf(ChannelClosedException.class)
                .cause()
                .hasMessageContaining("out of ink");
        assertThatThrownBy(() -> broadcast.trySend(3)).isInstanceOf(ChannelClosedException.class);
        assertThat(broadcast.isClosed()).isTrue();
        assertThat(broadcast.subscribe().tryReceive()).isInstanceOf(Received.Closed.class);
    }

    @Test
    void anOverflowPolicyIsForEachSubscription() throws Exception {
        Heddle heddle = heddle();
        Broadcast<Integer> oldest = heddle.broadcast(2, Overflow.DROP_OLDEST);
        Broadcast<Integer> newest = heddle.broadcast(2, Overflow.DROP_NEWEST);
        Broadcast<Integer> fail = heddle.broadcast(2, Overflow.FAIL);
        List<List<Integer>> received = new ArrayList<>();
        for (Broadcast<Integer> broadcast : List.of(oldest, newest)) {
            Subscription<Integer> slow = broadcast.subscribe();
            Subscription<Integer> quick = broadcast.subscribe();
            for (int i = 0; i < 4; i++) {
                broadcast.send(i);
                assertThat(quick.receive()).isEqualTo(i);
            }
            broadcast.close();
            received.add(drain(slow));
        }
        assertThat(received).containsExactly(List.of(2, 3), List.of(0, 1));
        Subscription<Integer> slow = fail.subscribe();
        fail.send(0);
        fail.send(1);
        assertThat(fail.trySend(2)).isFalse();
        assertThatThrownBy(() -> fail.send(2)).isInstanceOf(ChannelFullException.class);
        fail.close();
        assertThat(drain(slow)).containsExactly(0, 1);
    }

    @Test
    void aSelectSendsToABroadcastOnceThereIsRoomInAll() throws Exception {
        Heddle heddle = heddle();
        Broadcast<Integer> broadcast = heddle.broadcast(1);
        Subscription<Integer> subscription = broadcast.subscribe();
        Channel<Integer> never = heddle.channel(0);
        broadcast.send(1);
        Task<String> selecting = heddle.start(() -> new Select<String>()
                .receive(never, element -> "received")
                .send(broadcast, () -> 2, () -> "sent")
                .await());
        awaitWaiting(heddle, 1);
        assertThat(subscription.receive()).isEqualTo(1);
        assertThat(selecting.join()).isEqualTo("sent");
        assertThat(subscription.receive()).isEqualTo(2);
    }

    @Test
    void tasksThatShareASubscriptionShareItsElements() throws Exception {
        Heddle heddle = heddle();
        Broadcast<Integer> broadcast = heddle.broadcast(8);
        Subscription<Integer> subscription = broadcast.subscribe();
        List<Task<List<Integer>>> tasks =
                List.of(heddle.start(() -> drain(subscription)), heddle.start(() -> drain(subscription)));
        for (int i = 0; i < ELEMENTS; i++) {
            broadcast.send(i);
        }
        broadcast.close();
        List<Integer> all = new ArrayList<>(tasks.get(0).join());
        all.addAll(tasks.get(1).join());
        assertThat(all).hasSize(ELEMENTS).doesNotHaveDuplicates();
    }

    @Test
    void aBroadcastNeedsRoom() {
        assertThatThrownBy(() -> heddle().broadcast(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("broadcast(0)");
    }
}
