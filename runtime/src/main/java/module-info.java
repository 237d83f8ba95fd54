import org.jspecify.annotations.NullMarked;

/**
 * Heddle's runtime: one API over OS processes, OS threads, green threads and fibers. The public API is {@link dev.heddle}, and for
 * what the schedulers did {@link dev.heddle.trace}; all else is internal and may change in any release.
 */
@NullMarked
module dev.heddle {
    requires static transitive org.jspecify;
    requires static java.management; // for HeddleBuilder.jmx
    requires static jdk.jfr; // for HeddleBuilder.jfr
    requires static java.instrument; // for -javaagent, which brings it along

    exports dev.heddle;
    exports dev.heddle.trace;
    exports dev.heddle.internal.agent to
            java.instrument; // which calls premain
}
