//go:build !linux && !darwin && !windows

package watch

// distrust says why what the system tells of this folder is not all, or nil.
func distrust(string) error { return nil }
