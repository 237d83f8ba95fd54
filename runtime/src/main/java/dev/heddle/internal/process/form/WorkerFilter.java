package dev.heddle.internal.process.form;

import java.io.ObjectInputFilter;
import java.util.Set;

/**
 * What the parent lets a worker's bytes become: values of the JDK and classes of the application, in no greater number
 * than the bytes can stand for.
 *
 * <p>A worker may have been overrun by the input it was started to handle, so its bytes are not trusted as the parent's
 * own are. The classes of the application are allowed because they are what results and elements are made of; that they
 * read themselves back safely is the application's part.
 */
final class WorkerFilter implements ObjectInputFilter {
    /** The modules of the JDK that values and exceptions come from; only their public packages count. */
    private static final Set<String> MODULES = Set.of("java.base", "java.logging", "java.sql");

    /** A part of {@link java.util.TimeZone}'s form. */
    private static final String ZONE = "sun.util.calendar.ZoneInfo";

    private static final int DEPTH_MAX = 10_000;

    /** An element of an array takes a byte at least; but collections have tables with more room than elements. */
    private static final int ELEMENTS_PER_BYTE = 4;

    private static final int ELEMENTS_MIN = 1024;

    private final long bytes;

    /** How many elements all arrays so far have. Each by itself is made before any of its elements has been seen. */
    private long elements;

    /** @param bytes how many there are to be read: there are no more references, nor much longer arrays */
    WorkerFilter(long bytes) {
        this.bytes = bytes;
    }

    @Override
    public Status checkInput(FilterInfo info) {
        elements += Math.max(0, info.arrayLength());
        if (info.depth() > DEPTH_MAX
                || info.references() > bytes
                || elements > Math.max(ELEMENTS_MIN, ELEMENTS_PER_BYTE * bytes)) {
            return Status.REJECTED;
        }
        Class<?> type = info.serialClass();
        return type == null || isAllowed(type) ? Status.ALLOWED : Status.REJECTED;
    }

    /** {@return whether an object of the class may be made} */
    static boolean isAllowed(Class<?> type) {
        Class<?> element = type;
        while (element.isArray()) {
            element = element.componentType();
        }
        if (element.isPrimitive() || element.getName().equals(ZONE)) {
            return true;
        }
        ClassLoader loader = element.getClassLoader();
        if (loader == null || loader == ClassLoader.getPlatformClassLoader()) {
            return MODULES.contains(element.getModule().getName())
                    && element.getPackageName().startsWith("java.");
        }
        return true;
    }
}
