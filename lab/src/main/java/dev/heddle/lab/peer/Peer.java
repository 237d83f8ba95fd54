package dev.heddle.lab.peer;

import dev.heddle.lab.measure.MeasureException;
import dev.heddle.lab.measure.MeasureException.Kind;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A program in another language. Its sources are in the jar; {@link #command} puts them, and what the compiler made of them,
 * into the cache below {@code ~/.cache/heddle/peers} (or {@code $XDG_CACHE_HOME}), once for each version of sources and tool.
 *
 * @param language the language
 * @param name of the program, the file without its ending
 */
public record Peer(Language language, String name) {
    private static final long COMPILE_SECONDS = 120;

    /**
     * Compiles it unless that has been done.
     *
     * @return what to start, before the program's own arguments
     * @throws MeasureException {@link Kind#UNAVAILABLE} if the tool is not installed, and the message says what to install;
     *     {@link Kind#FAILED} if the program does not compile
     */
    public List<String> command() throws MeasureException {
        return command(System.getenv());
    }

    List<String> command(Map<String, String> environment) throws MeasureException {
        Path tool = find(language.tool(), environment.getOrDefault("PATH", ""))
                .orElseThrow(() -> new MeasureException(Kind.UNAVAILABLE, language.mend(), ""));
        try {
            Path folder = cache(environment).resolve(key(tool));
            if (!Files.isDirectory(folder)) {
                build(tool, folder);
            }
            Path program = folder.resolve(language.source(name));
            return language == Language.PYTHON
                    ? List.of(tool.toString(), program.toString())
                    : List.of(folder.resolve(name).toString());
        } catch (IOException e) {
            throw new MeasureException(Kind.FAILED, "the program " + name + " cannot be put into the cache: " + e, "");
        }
    }

    /**
     * @param command the name of a command
     * @param path folders, as {@code $PATH} has them
     * @return where the command is, as a shell would find it
     */
    public static Optional<Path> find(String command, String path) {
        return Stream.of(path.split(File.pathSeparator))
                .filter(entry -> !entry.isEmpty())
                .map(entry -> Path.of(entry, command))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }

    private static Path cache(Map<String, String> environment) {
        String named = environment.getOrDefault("XDG_CACHE_HOME", "");
        Path base = named.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(named);
        return base.resolve("heddle").resolve("peers");
    }

    /** Another for other sources, and for another tool. */
    private String key(Path tool) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
        for (String file : files()) {
            digest.update(source(file));
        }
        Path real = tool.toRealPath();
        digest.update((real + " " + Files.getLastModifiedTime(real)).getBytes(StandardCharsets.UTF_8));
        return language.folder() + "-" + name + "-" + HexFormat.of().formatHex(digest.digest(), 0, 8);
    }

    private List<String> files() {
        return List.of(language.shared(), language.source(name));
    }

    private byte[] source(String file) throws IOException {
        String resource = "/peers/" + language.folder() + "/" + file;
        try (InputStream in = Peer.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the resource " + resource + " is missing from the class path");
            }
            return in.readAllBytes();
        }
    }

    /** In a folder beside it, which takes its place when all is there, so that others never see half of it. */
    private void build(Path tool, Path folder) throws IOException, MeasureException {
        Files.createDirectories(folder.getParent());
        Path work = Files.createTempDirectory(folder.getParent(), ".build");
        try {
            for (String file : files()) {
                Files.write(work.resolve(file), source(file));
            }
            List<String> command = language.compile(tool, language.source(name), Path.of(name));
            if (!command.isEmpty()) {
                compile(command, work);
            }
            Files.move(work, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw e;
        } catch (IOException e) {
            if (!Files.isDirectory(folder)) { // or another run of the lab was faster
                throw e;
            }
        } finally {
            delete(work);
        }
    }

    private void compile(List<String> command, Path work) throws IOException, MeasureException {
        Path said = work.resolve("compiler.txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(work.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile());
        // Files are named, so no module is wanted, nor the settings of a user's project.
        builder.environment().put("GO111MODULE", "off");
        builder.environment().put("GOFLAGS", "");
        Process compiler = builder.start();
        try {
            if (!compiler.waitFor(COMPILE_SECONDS, TimeUnit.SECONDS)) {
                compiler.destroyForcibly();
                throw new MeasureException(
                        Kind.FAILED,
                        "`" + String.join(" ", command) + "` has not ended in " + COMPILE_SECONDS + " s",
                        "");
            }
        } catch (InterruptedException e) {
            compiler.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new MeasureException(Kind.FAILED, "the compiler was interrupted", "");
        }
        if (compiler.exitValue() != 0) {
            throw new MeasureException(
                    Kind.FAILED,
                    "`" + String.join(" ", command) + "` failed, so this row cannot be measured: "
                            + Files.readString(said).strip(),
                    "");
        }
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(path);
                }
            }
        }
    }
}
