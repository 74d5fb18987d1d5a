package dev.ostrakon.examples.bank;

/** A piece of work for the bank whose end is known beforehand. Made, prepared, run: once each. */
public interface BankRun {
  /** Makes the accounts what they are to be at first. */
  void prepare() throws InterruptedException;

  /** Does the work and compares all balances with what they must be. */
  BankReport run() throws InterruptedException;

  /**
   * Ends the run after the transfers under way, any thread; its report is then of what was done so
   * far.
   */
  void stop();

  /** How far it is; any thread. */
  BankProgress progress();
}
