package output

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// Of several errors the first is told, on one core or many.
func TestEachFirst(t *testing.T) {
	t.Parallel()
	err := each(2, 2, func(i int) error {
		time.Sleep(time.Duration(1-i) * 50 * time.Millisecond)
		return errors.New(strconv.Itoa(i))
	})
	if err == nil || err.Error() != "0" {
		t.Errorf("the error is %v", err)
	}
}

// A folder that was put in the place of a file after that was looked at is not
// taken away with what a link in it leads to.
func TestLinkInTheWay(t *testing.T) {
	t.Parallel()
	dir, elsewhere := filepath.Join(t.TempDir(), "out"), t.TempDir()
	commit(t, dir, tree{"a": "1"})
	put(t, elsewhere, tree{"empty/": ""})
	e := begin(t, dir, Options{}, tree{"a": "2"})
	e.LookAhead()
	e.ahead.Wait()
	if err := errors.Join(os.Remove(filepath.Join(dir, "a")), os.Mkdir(filepath.Join(dir, "a"), 0o755), os.Symlink(elsewhere, filepath.Join(dir, "a", "link"))); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Commit(); !errors.Is(err, ErrForeign) {
		t.Errorf("error %v", err)
	}
	want(t, elsewhere, tree{"empty/": ""})
	if _, err := os.Lstat(filepath.Join(dir, "a", "link")); err != nil {
		t.Error(err)
	}
}
