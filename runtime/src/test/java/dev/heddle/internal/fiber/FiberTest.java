package dev.heddle.internal.fiber;

import dev.heddle.FiberBacking;
import dev.heddle.Heddle;
import dev.heddle.Model;
import dev.heddle.testing.HeddleTest;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What is so of fibers whatever they are made of. */
@ParameterizedClass(name = "{0}")
@EnumSource(FiberBacking.class)
abstract class FiberTest extends HeddleTest {
    @Parameter
    FiberBacking backing;

    /** {@return a heddle of fibers of that backing, which the calling thread owns} */
    final Heddle open() {
        return open(backing);
    }

    static Heddle open(FiberBacking backing) {
        return Heddle.builder(Model.FIBER).fiberBacking(backing).open();
    }
}
