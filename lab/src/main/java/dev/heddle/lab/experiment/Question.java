package dev.heddle.lab.experiment;

/** The questions that the lab answers by measurement. */
public enum Question {
    /** Multicore, overlap. */
    Q1("Why run things concurrently at all?"),
    /** Devices, clients. */
    Q2("How does it make programming simpler?"),
    /** Lost update, deadlock, starvation. */
    Q3("How does it make programming harder?"),
    /** Probes and costs. */
    Q4("What differs between processes, threads, green threads and fibers?"),
    /** The same probes on other languages. */
    Q5("Which of them do pthread_create(), Python's threading.Thread() and Go's go create?"),
    /** The global lock. */
    Q6("How does a global interpreter lock change a thread's behaviour?"),
    /** Processes, and how they share. */
    Q7("What is the way round the global interpreter lock, and how is data then shared?"),
    /** The number of processors. */
    Q8("What does GOMAXPROCS(n) change?");

    private final String text;

    Question(String text) {
        this.text = text;
    }

    /** {@return the question in words} */
    public String text() {
        return text;
    }
}
