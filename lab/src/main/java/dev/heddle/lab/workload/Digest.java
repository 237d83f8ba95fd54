package dev.heddle.lab.workload;

import dev.heddle.Channel;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.lab.Args;
import dev.heddle.lab.Outcome;
import dev.heddle.lab.Workload;
import dev.heddle.lab.WrongResultException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads and hashes real files: a mix of computing and file input, in pieces of very different size.
 *
 * <p>The result is that of {@code find DIR -type f -exec sha256sum {} + | LC_ALL=C sort | sha256sum}. As there,
 * symbolic links below DIR are not followed. Files and folders that cannot be read are left out, as there, and counted.
 */
public final class Digest implements Workload {
    /** A batch is at least this long, or one file: thousands of small files would otherwise measure the channel. */
    private static final long BATCH_BYTES = 256 * 1024;

    private @Nullable String verifiedFolder;
    private List<byte[]> expected = List.of();

    @Override
    public String describe() {
        return "SHA-256 of every file below DIR, equal to sha256sum's (DIR: the JDK's own folder)";
    }

    @Override
    public Outcome run(Heddle h, Args args) throws Exception {
        args.requireAtMost(1);
        String folder = args.text(0, System.getProperty("java.home"));
        FileTree tree = FileTree.below(folder);
        URI root = tree.root();
        List<List<URI>> batches = tree.batches(BATCH_BYTES);

        Channel<List<URI>> work = h.channel(batches.size()); // takes all of them, so that sending never waits
        for (List<URI> batch : batches) {
            work.send(batch);
        }
        work.close();
        List<Task<List<byte[]>>> tasks = new ArrayList<>();
        for (int i = 0; i < h.processors(); i++) {
            tasks.add(h.start(() -> hashAll(folder, root, work)));
        }
        List<byte[]> lines = new ArrayList<>();
        int unreadable = tree.unreadable();
        for (List<byte[]> part : Tasks.joinAll(tasks)) {
            for (byte[] line : part) {
                if (line.length == 0) {
                    unreadable++;
                } else {
                    lines.add(line);
                }
            }
        }
        lines.sort(Arrays::compareUnsigned);
        verify(folder, tree, lines);
        Outcome outcome = Outcome.of("digest", Sha256Sum.ofLines(lines))
                .with("files", lines.size())
                .with("bytes", tree.bytes());
        return unreadable == 0 ? outcome : outcome.with("unreadable", unreadable);
    }

    /** The line of each file, empty for one that cannot be read. */
    private static List<byte[]> hashAll(String folder, URI root, Channel<List<URI>> work) {
        Sha256Sum sum = new Sha256Sum(folder, root);
        List<byte[]> lines = new ArrayList<>();
        for (List<URI> batch : work) {
            for (URI file : batch) {
                lines.add(sum.line(file));
            }
        }
        return lines;
    }

    /** Compares with the lines that one plain loop makes, computed before the first comparison. */
    private void verify(String folder, FileTree tree, List<byte[]> lines) {
        if (!folder.equals(verifiedFolder)) {
            Sha256Sum sum = new Sha256Sum(folder, tree.root());
            List<byte[]> sequential = new ArrayList<>();
            for (URI file : tree.files()) {
                byte[] line = sum.line(file);
                if (line.length > 0) {
                    sequential.add(line);
                }
            }
            sequential.sort(Arrays::compareUnsigned);
            expected = sequential;
            verifiedFolder = folder;
        }
        if (!Arrays.deepEquals(lines.toArray(), expected.toArray())) {
            throw new WrongResultException("the digests of the files below " + folder
                    + " differ from what a plain loop computed: either the tasks are wrong or the files have changed"
                    + " meanwhile");
        }
    }
}
