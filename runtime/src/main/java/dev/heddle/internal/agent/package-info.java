/** The Java agent: checkpoints in classes that the user names, without touching their source. */
package dev.heddle.internal.agent;
