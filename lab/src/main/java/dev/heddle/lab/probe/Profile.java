package dev.heddle.lab.probe;

import dev.heddle.lab.probe.Finding.Says;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;

/**
 * All that was found out about a program's units.
 *
 * @param findings by trait
 * @param cpusOfTwo how many CPUs two CPU-bound units used at the same time; all units, of a program that was only looked at
 * @param kind what the units are, which follows from the findings alone
 */
public record Profile(Map<Trait, Finding> findings, double cpusOfTwo, String kind) {
    /**
     * @param findings copied
     * @param cpusOfTwo as it is
     * @param kind as it is
     */
    public Profile {
        Map<Trait, Finding> copy = new EnumMap<>(Trait.class);
        copy.putAll(findings);
        findings = Collections.unmodifiableMap(copy);
    }

    /**
     * @param trait which
     * @return what was found out about it
     */
    public Finding of(Trait trait) {
        return findings.getOrDefault(trait, Finding.unsure("it was not looked at"));
    }

    /** {@return the profile of a program that takes part} */
    static Profile of(Map<Trait, Finding> findings, double cpusOfTwo) {
        return new Profile(findings, cpusOfTwo, kind(trait -> {
            Finding finding = findings.get(trait);
            return finding == null ? Says.UNSURE : finding.says();
        }));
    }

    private static String kind(Function<Trait, Says> says) {
        for (Trait trait : new Trait[] {Trait.MANAGED, Trait.ADDRESS_SPACE}) {
            if (says.apply(trait) == Says.UNSURE) {
                return "not sure";
            }
        }
        if (says.apply(Trait.ADDRESS_SPACE) == Says.YES) {
            return says.apply(Trait.MANAGED) == Says.YES ? "OS processes" : "not sure";
        }
        if (says.apply(Trait.CONCURRENT) == Says.UNSURE || says.apply(Trait.PREEMPTIVE) == Says.UNSURE) {
            return says.apply(Trait.MANAGED) == Says.YES ? "OS threads, of which kind is not sure" : "not sure";
        }
        boolean concurrent = says.apply(Trait.CONCURRENT) == Says.YES;
        if (says.apply(Trait.MANAGED) == Says.YES) {
            return concurrent
                    ? "OS threads"
                    : says.apply(Trait.PREEMPTIVE) == Says.YES
                            ? "OS threads of which one runs at a time"
                            : "fibers, each with an OS thread";
        }
        return says.apply(Trait.PREEMPTIVE) == Says.NO
                ? "fibers"
                : concurrent ? "green threads on several processors" : "green threads on one processor";
    }
}
