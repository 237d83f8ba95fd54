package dev.heddle.internal;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** A thread that waits by its {@link Parker} is woken by {@link Parker#wake}: a fiber that is an OS thread hears nothing else. */
class WakingTest {
    /** Those wake threads that wait otherwise, which are their own. */
    private static final String OWN_THREADS =
            ".*\\.(Parker(\\$.*)?|fiber\\.Fiber(Loop|Thread)|fiber\\.ContinuationFiberHeddle\\$FiberParker"
                    + "|green\\.GreenScheduler|trace\\.TracedThread|vthread\\.Timers)";

    @Test
    void nobodyElseUnparks() {
        noClasses()
                .that()
                .haveNameNotMatching(OWN_THREADS)
                .should()
                .callMethod(LockSupport.class, "unpark", Thread.class)
                .check(new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("dev.heddle"));
    }
}
