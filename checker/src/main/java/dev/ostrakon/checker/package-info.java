/**
 * Histories, which are what clients asked and were told, and checkers that judge them.
 *
 * <ul>
 *   <li><b>operation</b>: one request of one client, from its call to its return; its status is ok,
 *       fail (definitely not applied) or unknown (applied at any later time, or never);
 *   <li><b>report</b>: a verdict, and the anomalies that it rests on;
 *   <li><b>budget</b>: the work that a checker may do; who runs out of it is undecided, which is
 *       never a pass.
 * </ul>
 *
 * <p>The checkers share nothing with the code that they check: they know histories alone. All is
 * pure and belongs to the thread that uses it.
 */
@NullMarked
package dev.ostrakon.checker;

import org.jspecify.annotations.NullMarked;
