// Bench measures Stet against other site generators, on this machine and with
// the same news archive: it makes the archive, runs the contestants in turn,
// checks that they made the same pages, and prints what they took. It also runs
// the long versions of the tests.
//
//	go run ./bench NAME [flags]
package main
