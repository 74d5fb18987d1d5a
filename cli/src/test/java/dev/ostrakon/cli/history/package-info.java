@NullMarked
package dev.ostrakon.cli.history;

import org.jspecify.annotations.NullMarked;
