/** Writes a comparison as text, JSON, CSV or a page that opens from disk. */
package dev.heddle.lab.report;
