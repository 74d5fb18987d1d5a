package dev.ostrakon.examples.bank;

/**
 * A row of a ledger.
 *
 * @param account the customer's account
 * @param counterparty the other side
 * @param amount minor units, credited to the account and debited from the counterparty
 * @param balance the account's balance after this booking
 */
public record Booking(
    String id, String date, String account, String counterparty, long amount, long balance) {}
