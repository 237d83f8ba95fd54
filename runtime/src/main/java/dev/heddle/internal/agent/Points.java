package dev.heddle.internal.agent;

import java.lang.classfile.CodeModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Something that is inserted into the code of methods. */
@FunctionalInterface
public interface Points {
    /**
     * {@return how to change a method; null if it stays as it is}
     *
     * @param method the method
     * @param code its code
     */
    @Nullable
    Change in(MethodModel method, CodeModel code);

    /**
     * How to change the code of a method.
     *
     * @param transform makes what is called once for each element of the code. It leaves out no element, and passes the {@link Frames}
     *     of the changed code on, after the last
     * @param growth by how many bytes the code becomes longer, at most
     */
    record Change(Supplier<CodeTransform> transform, int growth) {}
}
