package main

import (
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"stet/internal/cache"
)

// keep is where is kept, for the edition in a folder, what its next build need
// not do again. It belongs to the output folder: two editions of one site do
// not know of each other.
func (f *siteFlags) keep(s *system, out string) cache.Folder {
	if f.noCache {
		return cache.Folder{}
	}
	version, err := identity()
	if err != nil {
		s.note("nothing is kept for the next build: %v", err)
		return cache.Folder{}
	}
	if f.cache != "" {
		// The same for every checkout of the site, so that CI can restore it.
		name, err := filepath.Rel(absolute(f.dir), absolute(out))
		if err != nil {
			name = absolute(out)
		}
		return cache.Folder{Dir: filepath.Join(f.inside(f.cache), short(filepath.ToSlash(name))), Version: version}
	}
	base, err := os.UserCacheDir()
	if err != nil {
		s.note("nothing is kept for the next build, as you have no cache folder (--cache DIR names one)")
		return cache.Folder{}
	}
	return cache.Folder{Dir: filepath.Join(base, "stet", short(absolute(out))), Version: version}
}

func short(name string) string {
	sum := sha256.Sum256([]byte(name))
	return fmt.Sprintf("%x", sum[:8])
}

// identity tells one build of this program from another: it is taken of the
// beginning of the executable, which holds Go's build ID.
func identity() (string, error) {
	name, err := os.Executable()
	if err != nil {
		return "", err
	}
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.CopyN(h, f, 256<<10); err != nil && err != io.EOF {
		return "", err
	}
	if info, err := f.Stat(); err == nil {
		fmt.Fprint(h, info.Size())
	}
	return fmt.Sprintf("%x", h.Sum(nil)[:16]), nil
}
