package dev.heddle.internal.agent;

import java.io.File;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The flag that gives this JVM's agent to another. Apart from {@link Agent}, which cannot be loaded where the module {@code
 * java.instrument} is missing.
 */
public final class AgentFlag {
    private static volatile @Nullable NamedClasses given;

    private AgentFlag() {}

    /** This JVM has the agent, for these classes. */
    static void set(NamedClasses named) {
        given = named;
    }

    /** {@return the flag; nothing if this JVM has no agent} */
    public static List<String> ofThisJvm() {
        NamedClasses named = given;
        return named == null ? List.of() : List.of("-javaagent:" + jar() + "=" + named);
    }

    /** Where the agent's class came from. Were that a folder, the agent's jar would have been another one's. */
    private static File jar() {
        CodeSource source = AgentFlag.class.getProtectionDomain().getCodeSource();
        URI location;
        try {
            location = source.getLocation().toURI();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the JVM has loaded the agent from " + source, e);
        }
        return Path.of(location).toFile();
    }
}
