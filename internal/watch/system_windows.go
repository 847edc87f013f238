package watch

// distrust refuses to watch: while a folder is watched, Windows lets nobody
// rename or move the folders above it ("the folder or a file in it is open in
// another program"). An editor who moves a section while the preview runs is
// worth more than the half second.
func distrust(string) error {
	return &reason{why: "Windows would not let you rename folders that are watched"}
}
