//go:build !linux

package source

import "os"

// A gate opens files in one step, where the system can keep them from leading
// out of the site.
type gate struct{}

func newGate(*os.Root) gate { return gate{} }

func (gate) close() {}

func (gate) read(string, []byte) ([]byte, bool) { return nil, false }
