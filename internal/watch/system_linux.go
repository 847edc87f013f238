package watch

import "syscall"

// Linux tells of what is done through its own file system calls. What another
// machine, or the system around this one, does in a folder that both see, it does
// not know: in a container with a folder of the host, in WSL with a folder of
// Windows, on a network disk. A file system in user space may be any of these.
// The numbers are those of statfs(2).
var shared = map[uint32]string{
	0x00006969: "NFS",
	0x0000517b: "SMB",
	0xff534d42: "CIFS",
	0xfe534d42: "SMB",
	0x01021997: "9P",
	0x65735546: "FUSE",
	0x00c36400: "Ceph",
	0x5346414f: "AFS",
	0x786f4256: "a shared folder of VirtualBox",
	0xbacbacbc: "a shared folder of VMware",
	0x7c7c6673: "a shared folder of Parallels",
}

// distrust says why what the system tells of this folder is not all, or nil.
func distrust(folder string) error {
	var s syscall.Statfs_t
	if err := syscall.Statfs(folder, &s); err != nil {
		return nil // watching it will say what is wrong
	}
	kind, ok := shared[uint32(s.Type)]
	if !ok {
		return nil
	}
	return &reason{
		why:    folder + " is on " + kind + ", which does not tell of changes made elsewhere",
		remedy: "on a disk of this system (in WSL below /home, in Docker in a volume) changes would be seen at once",
	}
}
