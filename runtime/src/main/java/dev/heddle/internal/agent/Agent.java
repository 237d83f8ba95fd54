package dev.heddle.internal.agent;

import java.lang.instrument.Instrumentation;
import org.jspecify.annotations.Nullable;

/**
 * What {@code -javaagent:heddle.jar=com.acme.*} starts, before the program: classes that are loaded from then on get checkpoints if
 * they are named. Without that flag nothing of this package is ever used.
 */
public final class Agent {
    private static @Nullable Instrumenter instrumenter;

    private Agent() {}

    /**
     * Called by the JVM on its main thread, once for each such flag. What several flags name adds up.
     *
     * @param option which classes
     * @param instrumentation the JVM's
     */
    public static void premain(@Nullable String option, Instrumentation instrumentation) {
        NamedClasses named;
        try {
            named = NamedClasses.parse(option);
        } catch (IllegalArgumentException e) {
            // Thrown, it would be a stack trace, and a core dump.
            System.err.println(e.getMessage());
            System.exit(1);
            return;
        }
        if (instrumenter == null) {
            instrumenter = new Instrumenter(instrumentation, System.err::println);
            instrumentation.addTransformer(instrumenter);
        }
        AgentFlag.set(instrumenter.add(named));
    }
}
