package dev.heddle.lab.peer;

import java.nio.file.Path;
import java.util.List;

/** A language that peers are written in, and the tool that it takes. */
public enum Language {
    /** C, by gcc. */
    C("gcc", "c", "peer.h", "gcc and libc6-dev"),
    /** CPython. */
    PYTHON("python3", "python", "peer.py", "python3"),
    /** Go. */
    GO("go", "go", "peer.go", "golang-go");

    private final String tool;
    private final String folder;
    private final String shared;
    private final String packages;

    Language(String tool, String folder, String shared, String packages) {
        this.tool = tool;
        this.folder = folder;
        this.shared = shared;
        this.packages = packages;
    }

    /** {@return the command that it takes} */
    public String tool() {
        return tool;
    }

    /** {@return the folder of its programs, below {@code peers}, and how their files end but for Python} */
    String folder() {
        return folder;
    }

    /** {@return the file that belongs to every program} */
    String shared() {
        return shared;
    }

    /** {@return how a program's file is called} */
    String source(String program) {
        return program + (this == PYTHON ? ".py" : "." + folder);
    }

    /** {@return the packages of Debian that have it} */
    public String packages() {
        return packages;
    }

    /** {@return what to do where the tool is missing} */
    String mend() {
        return "`" + tool + "` is not installed: install it (Debian's " + packages + ") and run this again";
    }

    /** {@return the command that compiles, or nothing where there is nothing to compile} */
    List<String> compile(Path tool, String source, Path result) {
        return switch (this) {
            case C -> List.of(tool.toString(), "-O2", "-pthread", "-o", result.toString(), source);
            case PYTHON -> List.of();
            case GO -> List.of(tool.toString(), "build", "-o", result.toString(), source, shared);
        };
    }
}
