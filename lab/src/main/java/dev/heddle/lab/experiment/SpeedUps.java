package dev.heddle.lab.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How many times as fast several tasks did the work of one.
 *
 * @param sheet a line for each that was measured
 * @param gain who has surely gained by it, each with its speed-up
 * @param none all others
 */
record SpeedUps(Sheet sheet, List<String> gain, List<String> none) {
    /**
     * {@return those of rows with such labels as {@code "THREAD 2 tasks"}}
     *
     * @param who what comes before the number of tasks
     * @param many how many tasks
     */
    static SpeedUps of(Findings findings, List<String> who, int many) {
        Sheet.Lines sheet =
                new Sheet.Lines("", Phrases.count(1, "task"), Phrases.count(many, "task"), "speed-up", "95% interval");
        List<String> gain = new ArrayList<>();
        List<String> none = new ArrayList<>();
        for (String each : who) {
            String one = each + " " + Phrases.count(1, "task");
            String all = each + " " + Phrases.count(many, "task");
            Optional<Estimate> speedUp = findings.ratio(one, all, Quantity.TIME);
            if (speedUp.isEmpty()) {
                sheet.add(each, "-");
                continue;
            }
            Estimate estimate = speedUp.get();
            sheet.add(
                    each,
                    findings.median(one, Quantity.TIME).map(Estimate::text).orElse(""),
                    findings.median(all, Quantity.TIME).map(Estimate::text).orElse(""),
                    estimate.text(),
                    estimate.range());
            (estimate.isAbove(Estimate.GAIN) ? gain : none).add(each + " (" + estimate.text() + ")");
        }
        return new SpeedUps(sheet.done(), gain, none);
    }

    /**
     * {@return the sentences}
     *
     * @param whyNothing what follows where no gain was shown
     */
    String sentences(int many, String whyNothing) {
        return many + " did the work of one this many times as fast: " + Phrases.list(gain) + "."
                + (none.isEmpty() ? "" : " No gain was shown by " + Phrases.list(none) + whyNothing + ".");
    }
}
