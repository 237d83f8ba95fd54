/**
 * What a recording of scheduler events looks like: {@link dev.heddle.lab.timeline.Timeline} computes it, {@link
 * dev.heddle.lab.timeline.TimelineHtml} and {@link dev.heddle.lab.timeline.TimelineText} show it.
 */
package dev.heddle.lab.timeline;
