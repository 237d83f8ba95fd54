package dev.heddle.lab;

import java.util.List;

/**
 * The arguments of a workload, as the command line gave them.
 *
 * @param values the words after the workload's name
 */
public record Args(List<String> values) {
    /** @param values the words after the workload's name */
    public Args {
        values = List.copyOf(values);
    }

    /**
     * @param index which argument, from 0
     * @param otherwise its default
     * @return the argument, or the default if it was not given
     */
    public String text(int index, String otherwise) {
        return index < values.size() ? values.get(index) : otherwise;
    }

    /**
     * @param index which argument, from 0
     * @param name what the message calls it
     * @param otherwise its default
     * @return the argument, or the default if it was not given; at least 1
     * @throws UsageException if it is no whole number of at least 1; digits may be grouped with {@code _} or {@code ,}
     */
    public long number(int index, String name, long otherwise) {
        if (index >= values.size()) {
            return otherwise;
        }
        String text = values.get(index);
        try {
            long number = Long.parseLong(text.replaceAll("[_,]", ""));
            if (number >= 1) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new UsageException(name + " must be a whole number of at least 1, and '" + text + "' is none", e);
        }
        throw new UsageException(name + " must be at least 1, and is " + text);
    }

    /**
     * @param count how many arguments the workload takes
     * @throws UsageException if there are more
     */
    public void requireAtMost(int count) {
        if (values.size() > count) {
            throw new UsageException("the workload takes at most " + count + (count == 1 ? " argument" : " arguments")
                    + ", and '" + values.get(count) + "' is one more");
        }
    }
}
