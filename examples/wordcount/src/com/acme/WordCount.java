package com.acme;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.lab.Args;
import dev.heddle.lab.Outcome;
import dev.heddle.lab.Workload;
import dev.heddle.lab.WrongResultException;
import java.util.ArrayList;
import java.util.List;

/** Counts the words of many small texts, which tasks take from a channel. */
public final class WordCount implements Workload {
    @Override
    public String describe() {
        return "counts the words of TEXTS small texts (TEXTS: 2,000)";
    }

    @Override
    public Outcome run(Heddle h, Args args) throws Exception {
        int texts = (int) args.number(0, "TEXTS", 2_000);
        Channel<String> queue = h.channel(64);
        List<Task<Long>> counters = new ArrayList<>();
        for (int i = 0; i < h.processors(); i++) {
            counters.add(h.start(() -> {
                long words = 0;
                for (String text : queue) {
                    words += text.split(" ").length;
                }
                return words;
            }));
        }
        for (int i = 0; i < texts; i++) {
            queue.send("the quick brown fox number " + i + " jumps over the lazy dog");
        }
        queue.close();

        long words = 0;
        for (Task<Long> counter : counters) {
            words += counter.join();
        }
        if (words != texts * 11L) {
            throw new WrongResultException(words + " words were counted, and there are " + texts * 11L);
        }
        return Outcome.of("words", words);
    }
}
