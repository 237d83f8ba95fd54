/** Stories: short guided tours of the live page, one a question. What they say is in the resources {@code q1.json} to {@code q8.json}. */
package dev.heddle.lab.story;
