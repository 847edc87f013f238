//go:build !unix

package main

import (
	"context"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// lockFolder waits until nobody else changes files of a folder, and says so to
// others.
func lockFolder(ctx context.Context, dir string) (unlock func(), err error) {
	lock := flock.New(filepath.Join(os.TempDir(), "stet-"+short(absolute(dir))+".lock"))
	if _, err := lock.TryLockContext(ctx, 20*time.Millisecond); err != nil {
		return nil, err
	}
	return func() { lock.Unlock() }, nil
}
