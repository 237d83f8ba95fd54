/** The statistics of a heddle as Micrometer's meters. */
@NullMarked
package dev.heddle.micrometer;

import org.jspecify.annotations.NullMarked;
