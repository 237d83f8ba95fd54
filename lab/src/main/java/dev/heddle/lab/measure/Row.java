package dev.heddle.lab.measure;

import dev.heddle.Model;
import java.util.List;
import java.util.Optional;

/**
 * One row of a table, as far as it has been measured.
 *
 * @param model the model
 * @param processors how many processors its heddle had
 * @param jvm the JVM that ran the tasks
 * @param warmUps how many repetitions were not counted
 * @param samples the repetitions
 * @param unavailable why the model cannot work here, if it cannot
 * @param summary what the repetitions come to, if there are some
 * @param quality how far the times can be believed, if there are some
 * @param lints what explains the times, and can be mended
 */
public record Row(
        Model model,
        int processors,
        Jvm jvm,
        int warmUps,
        List<Sample> samples,
        Optional<String> unavailable,
        Optional<Summary> summary,
        Optional<Quality> quality,
        List<Lint.Warning> lints) {}
