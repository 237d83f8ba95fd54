/**
 * Code of the runtime in orders that the tests decide: rewritten classes that stop before each access to what threads share, and
 * what runs them.
 */
package dev.heddle.simulation;
