/** What the tests stand on: the rules every concurrent test obeys, and programs run in a JVM of their own. */
package dev.heddle.testing;
