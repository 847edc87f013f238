package watch

import (
	"os"
	"path/filepath"
	"time"
)

// There are systems that let one watch a folder and then never tell anything.
// So a file is made in the site's folder, and if no event comes of it, the system
// is not relied on. Its name begins with a dot, and it is gone within a
// millisecond where all is well: editors and git do not show it.
//
// It does not find out about network file systems and folders shared with
// another system: of what is done here they tell, and only not of what is done
// there. Those are known by their names (system_linux.go).

// patience is how long the event of the probe may take.
const patience = 500 * time.Millisecond

// probe makes a file in one folder and waits for its event in another, which are
// the same but for tests. If no file can be made there, that says nothing.
func probe(made, heard string) error {
	events, err := open(make(chan struct{}, 1))
	if err != nil {
		return err
	}
	defer events.Close()
	if err := events.Add(heard); err != nil {
		return err
	}
	f, err := os.CreateTemp(made, ".stet-probe-*")
	if err != nil {
		return nil
	}
	f.Close()
	defer os.Remove(f.Name())
	late := time.After(patience)
	for {
		select {
		case ev := <-events.Events:
			if filepath.Base(ev.Name) == filepath.Base(f.Name()) {
				return nil
			}
		case <-late:
			return &reason{
				why:    "a file was made in " + made + ", and the system did not tell of it",
				remedy: "put the site on a disk of this system",
			}
		}
	}
}
