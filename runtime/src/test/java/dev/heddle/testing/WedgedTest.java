package dev.heddle.testing;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.PreInterruptCallback;
import org.junit.jupiter.api.extension.PreInterruptContext;

/**
 * Prints the stacks of all threads before JUnit interrupts a test that has run out of time. JUnit's own dump leaves out
 * virtual threads, and those are the ones to look at here.
 */
final class WedgedTest implements PreInterruptCallback {
    @Override
    public void beforeThreadInterrupt(PreInterruptContext thread, ExtensionContext test) {
        System.err.println("Wedged: " + test.getUniqueId() + System.lineSeparator() + Stacks.ofAllThreads());
    }
}
