package dev.heddle.lab.report;

import dev.heddle.lab.measure.Result;
import dev.heddle.lab.measure.Result.Table;
import dev.heddle.lab.measure.Row;
import dev.heddle.lab.measure.Sample;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A comparison as CSV, one line per repetition: what a spreadsheet or a statistics program wants. */
public final class CsvReport {
    private static final String HEADER = "workload,args,model,processors,repetition,time_ns,cpu_ns,context_switches,"
            + "peak_rss_bytes,os_threads\n";

    private CsvReport() {}

    /** {@return the CSV text; what the system does not tell is left empty} */
    public static String text(Result result) {
        StringBuilder out = new StringBuilder(HEADER);
        for (Table table : result.tables()) {
            for (Row row : table.rows()) {
                List<Sample> samples = row.samples();
                for (int i = 0; i < samples.size(); i++) {
                    Sample sample = samples.get(i);
                    out.append(Stream.of(
                                    table.workload(),
                                    String.join(" ", table.args()),
                                    row.model().toString(),
                                    String.valueOf(row.processors()),
                                    String.valueOf(i + 1),
                                    known(sample.nanos()),
                                    known(sample.cpuNanos()),
                                    known(sample.switches()),
                                    known(sample.peakRssBytes()),
                                    known(sample.osThreads()))
                            .map(CsvReport::quoted)
                            .collect(Collectors.joining(",", "", "\n")));
                }
            }
        }
        return out.toString();
    }

    private static String known(long value) {
        return value == Sample.UNKNOWN ? "" : String.valueOf(value);
    }

    private static String quoted(String cell) {
        return cell.matches("[^\",\r\n]*") ? cell : "\"" + cell.replace("\"", "\"\"") + "\"";
    }
}
