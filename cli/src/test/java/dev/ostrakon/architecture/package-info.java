/** The rules that hold over all modules: who may use whom, and what no source file may contain. */
@NullMarked
package dev.ostrakon.architecture;

import org.jspecify.annotations.NullMarked;
