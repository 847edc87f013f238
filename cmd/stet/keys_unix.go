//go:build unix

package main

import (
	"os/signal"
	"syscall"
)

// mayRead has reading from a terminal fail where it would stop the program: in
// the background, as with "stet serve &", the keys are for another.
func mayRead() { signal.Ignore(syscall.SIGTTIN) }
