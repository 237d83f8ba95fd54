package dev.heddle.internal.agent;

import dev.heddle.Heddle;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The runtime's jar as the build makes it, which comes after the tests. */
final class AgentJar {
    private static final Pattern PREMAIN_CLASS = Pattern.compile("<Premain-Class>(.*)</Premain-Class>");

    private AgentJar() {}

    /** Makes it. {@return the class path of the tests, with the jar in the place of the runtime's classes} */
    static String make(Path jar) throws Exception {
        Path classes = Path.of(
                Heddle.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", premainClass());
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out, manifest);
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                entries.putNextEntry(
                        new JarEntry(classes.relativize(file).toString().replace('\\', '/')));
                Files.copy(file, entries);
            }
        }
        List<String> path = Stream.of(System.getProperty("java.class.path").split(System.getProperty("path.separator")))
                .map(entry -> Path.of(entry).toAbsolutePath().equals(classes) ? jar.toString() : entry)
                .toList();
        return String.join(System.getProperty("path.separator"), path);
    }

    private static String premainClass() throws IOException {
        Matcher found = PREMAIN_CLASS.matcher(Files.readString(Path.of("pom.xml")));
        if (!found.find()) {
            throw new IllegalStateException("pom.xml names no Premain-Class");
        }
        return found.group(1);
    }
}
