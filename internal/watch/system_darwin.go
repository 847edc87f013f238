package watch

import "syscall"

// local is MNT_LOCAL of <sys/mount.h>.
const local = 0x1000

// distrust says why what the system tells of this folder is not all, or nil: of
// what others do on a network disk it does not tell.
func distrust(folder string) error {
	var s syscall.Statfs_t
	if err := syscall.Statfs(folder, &s); err != nil || s.Flags&local != 0 {
		return nil
	}
	return &reason{
		why:    folder + " is on a network disk, which does not tell of changes made elsewhere",
		remedy: "on a disk of this machine changes would be seen at once",
	}
}
