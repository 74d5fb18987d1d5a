/**
 * The bank: what an application on the store looks like.
 *
 * <ul>
 *   <li><b>bank</b>: accounts, transfers that leave no account below zero, balances, statements;
 *   <li><b>booking</b>: a row of a ledger, one transfer between an account and a counterparty;
 *   <li><b>auditor</b>: reads all balances at once, and always finds the same sum.
 * </ul>
 *
 * <p>Everything blocks its thread, so that it reads from top to bottom; a client is a thread.
 */
@NullMarked
package dev.ostrakon.examples.bank;

import org.jspecify.annotations.NullMarked;
