package dev.heddle.lab.probe;

/** What is asked about the units of concurrency that a program creates. */
public enum Trait {
    /** Has each an OS task of its own. */
    MANAGED("managed by the OS?"),
    /** Is memory its own. */
    ADDRESS_SPACE("own address space?"),
    /** Do several execute at the same instant. */
    CONCURRENT("truly concurrent?"),
    /** Is one that spins made to let others run. */
    PREEMPTIVE("pre-emptive?"),
    /** Is one found on different OS threads. */
    MOVES("changes OS thread?");

    private final String question;

    Trait(String question) {
        this.question = question;
    }

    /** {@return the question, as a table has it} */
    public String question() {
        return question;
    }
}
