/**
 * The contract suite: a class per behaviour of heddles, tasks and channels, each run under every model, and FIBER with both of its
 * backings. Where one is exempt from a behaviour, {@link dev.heddle.contract.Exemption} says why, and the test asserts what it does instead.
 */
package dev.heddle.contract;
