/** Programs that run with the agent, as a user's would. */
package dev.heddle.instrumented;
