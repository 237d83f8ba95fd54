package dev.heddle.contract;

import dev.heddle.Heddle;

/** A program, run in a JVM of its own, with one task that ends the JVM it runs in, with exit code 42. */
final class Crasher {
    private Crasher() {}

    public static void main(String[] arguments) throws InterruptedException {
        try (Heddle heddle = Subject.valueOf(arguments[0]).builder().open()) {
            boolean orderly = Boolean.parseBoolean(arguments[1]);
            heddle.start(() -> crash(orderly)).join();
        }
        System.out.println("the program has outlived its task");
    }

    static void crash(boolean orderly) {
        if (orderly) {
            System.exit(42);
        } else {
            Runtime.getRuntime().halt(42);
        }
    }
}
