import org.jspecify.annotations.NullMarked;

/**
 * Heddle's runtime: one API over OS processes, OS threads, green threads and fibers. The public API is the one exported
 * package, {@link dev.heddle}; all else is internal and may change in any release.
 */
@NullMarked
module dev.heddle {
    requires static transitive org.jspecify;
    requires static java.management; // for HeddleBuilder.jmx
    requires static jdk.jfr; // for HeddleBuilder.jfr
    requires static java.instrument; // for -javaagent, which brings it along

    exports dev.heddle;
    exports dev.heddle.internal.agent to
            java.instrument; // which calls premain
}
