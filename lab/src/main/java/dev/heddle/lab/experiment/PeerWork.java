package dev.heddle.lab.experiment;

import dev.heddle.lab.experiment.Cell.Family;
import dev.heddle.lab.measure.Jvm;
import dev.heddle.lab.measure.MeasureException;
import dev.heddle.lab.measure.MeasureException.Kind;
import dev.heddle.lab.measure.Sample;
import dev.heddle.lab.peer.Language;
import dev.heddle.lab.peer.Peer;
import dev.heddle.lab.peer.PeerRun;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * A program in another language, which is run anew for each repetition.
 *
 * @param peer the program
 * @param args its arguments
 * @param checksum what its fact {@code checksum} must be, if it has one
 */
record PeerWork(Peer peer, List<String> args, Optional<LongSupplier> checksum) implements Subject {
    private static final String CHECKSUM = "checksum";

    /** A cell of a program that is checked. */
    static Cell cell(String label, Language language, String program, LongSupplier checksum, long... args) {
        return cell(label, language, program, Optional.of(checksum), args);
    }

    /** A cell of a program without a checksum. */
    static Cell cell(String label, Language language, String program, long... args) {
        return cell(label, language, program, Optional.empty(), args);
    }

    private static Cell cell(
            String label, Language language, String program, Optional<LongSupplier> checksum, long... args) {
        List<String> words = Arrays.stream(args).mapToObj(String::valueOf).toList();
        return new Cell(
                label, Family.valueOf(language.name()), new PeerWork(new Peer(language, program), words, checksum));
    }

    @Override
    public boolean warmsUp() {
        return false;
    }

    @Override
    public String describe() {
        return peer.language() + " program " + peer.name() + " " + String.join(" ", args);
    }

    @Override
    public Running start() throws MeasureException {
        List<String> command =
                Stream.concat(peer.command().stream(), args.stream()).toList();
        return new Running() {
            @Override
            public Jvm await() {
                return Jvm.NONE;
            }

            @Override
            public Sample measure() throws MeasureException, InterruptedException {
                Sample sample = PeerRun.once(command);
                verify(sample);
                return sample;
            }

            @Override
            public void close() {}
        };
    }

    private void verify(Sample sample) throws MeasureException {
        if (checksum.isPresent()) {
            long expected = checksum.get().getAsLong();
            boolean right = sample.facts().stream()
                    .anyMatch(
                            fact -> fact.name().equals(CHECKSUM) && fact.value().equals(expected));
            if (!right) {
                throw new MeasureException(
                        Kind.WRONG_RESULT,
                        describe() + " should have the checksum " + expected + ", and reported " + sample.facts(),
                        "");
            }
        }
    }
}
