package dev.heddle.internal.agent;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The classes that a user names to the agent: {@code com.acme.*,org.foo.Bar} is all that is in {@code com.acme} and below it, and the
 * class {@code org.foo.Bar} with those nested in it. Heddle's own classes are never among them.
 *
 * @param names of classes or packages, with dots
 */
public record NamedClasses(List<String> names) {
    private static final Pattern NAME = Pattern.compile("\\p{javaJavaIdentifierStart}\\p{javaJavaIdentifierPart}*"
            + "(\\.\\p{javaJavaIdentifierStart}\\p{javaJavaIdentifierPart}*)*");
    private static final String BELOW = ".*";
    private static final List<String> OF_THE_JDK = List.of("java.", "jdk.", "sun.");

    /**
     * {@return what the option says}
     *
     * @param option what stands behind {@code -javaagent:heddle.jar=}; null if nothing does
     * @throws IllegalArgumentException if it names no classes, or some that cannot be meant
     */
    public static NamedClasses parse(@Nullable String option) {
        if (option == null || option.isBlank()) {
            throw new IllegalArgumentException(
                    "-javaagent:heddle.jar does not say which classes get checkpoints: name them, as in"
                            + " -javaagent:heddle.jar=com.acme.*,org.foo.Bar");
        }
        return new NamedClasses(
                Stream.of(option.split(",", -1)).map(NamedClasses::name).toList());
    }

    private static String name(String written) {
        String pattern = written.strip();
        String name = pattern.endsWith(BELOW) ? pattern.substring(0, pattern.length() - BELOW.length()) : pattern;
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "-javaagent:heddle.jar=...: \"" + pattern + "\" names neither a class, as"
                            + " org.foo.Bar does, nor a package and all below it, as com.acme.* does");
        }
        if (OF_THE_JDK.stream().anyMatch((name + ".")::startsWith)) {
            throw new IllegalArgumentException("-javaagent:heddle.jar=...: " + pattern
                    + " is the JDK's, whose classes get no checkpoints: name classes of your program");
        }
        return name;
    }

    /**
     * {@return whether it is named}
     *
     * @param internalName the name of a class, with slashes
     */
    public boolean has(String internalName) {
        String name = internalName.replace('/', '.');
        return !isOurs(name) && names.stream().anyMatch(named -> isOf(name, named));
    }

    private static boolean isOf(String name, String named) {
        if (!name.startsWith(named)) {
            return false;
        }
        char next = name.length() == named.length() ? '$' : name.charAt(named.length());
        return next == '.' || next == '$';
    }

    private static boolean isOurs(String name) {
        return name.startsWith("dev.heddle.internal.")
                || (name.startsWith("dev.heddle.") && name.lastIndexOf('.') == "dev.heddle".length());
    }

    /** {@return these, and those} */
    NamedClasses and(NamedClasses those) {
        return new NamedClasses(
                Stream.concat(names.stream(), those.names.stream()).distinct().toList());
    }

    /** {@return what parses to the same} */
    @Override
    public String toString() {
        return String.join(",", names);
    }
}
