package dev.heddle.lab;

import dev.heddle.lab.doctor.Check;
import dev.heddle.lab.doctor.Check.Grade;
import dev.heddle.lab.doctor.Doctor;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code heddle doctor}. */
@Command(
        name = "doctor",
        description = "Looks at what Heddle needs from this machine, and says how to mend what is missing.")
final class DoctorCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        List<Check> checks = Doctor.examine();
        for (Check check : checks) {
            System.out.printf(
                    "%-4s  %-12s %s%n", check.grade().name().toLowerCase(Locale.ROOT), check.name(), check.found());
            if (!check.mend().isEmpty()) {
                System.out.printf("%-4s  %-12s %s%n", "", "", "mend: " + check.mend());
            }
        }
        return checks.stream().anyMatch(check -> check.grade() == Grade.FAIL) ? Main.FAILED : Main.OK;
    }
}
