@NullMarked
package dev.ostrakon.cli.torture;

import org.jspecify.annotations.NullMarked;
