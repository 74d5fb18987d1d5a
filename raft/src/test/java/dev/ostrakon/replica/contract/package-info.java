/**
 * What every implementation of the storage ports must do, as tests that each of them runs
 * unchanged: the ones in memory here, those on disk in their own module.
 */
@NullMarked
package dev.ostrakon.replica.contract;

import org.jspecify.annotations.NullMarked;
