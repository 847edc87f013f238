//go:build unix

package main

import (
	"os/exec"
	"syscall"
)

// endTogether lets a program and all that it starts end when its context does:
// go test leaves the test that it runs behind if it is killed alone.
func endTogether(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
