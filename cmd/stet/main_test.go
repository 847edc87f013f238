package main

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(roomy{m}, map[string]func(){"stet": main})
}

// roomy runs the tests, but not stet in a process of its own, with a heap that may
// grow more between two collections: they make many small editions to compare with.
type roomy struct{ *testing.M }

// Run runs them.
func (m roomy) Run() int {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
	return m.M.Run()
}

// Each script in testdata/script is a session at the command line.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       os.Getenv("UPDATE_SCRIPTS") != "",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("HOME", filepath.Join(env.WorkDir, ".home"))
			env.Setenv("TZ", "UTC")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"status":    status,
			"sametree":  sameTree,
			"tree":      listTree,
			"draw":      draw,
			"exif":      exif,
			"windows":   func(ts *testscript.TestScript, neg bool, args []string) { rewrite(ts, args[0], toWindows) },
			"unwindows": func(ts *testscript.TestScript, neg bool, args []string) { rewrite(ts, args[0], fromWindows) },
		},
	})
}

// status N ARG… runs stet and checks its exit status.
func status(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: status N ARG…")
	}
	err := ts.Exec("stet", args[1:]...)
	got := "0"
	if err != nil {
		got = err.Error()[len("exit status "):]
	}
	if got != args[0] {
		ts.Fatalf("stet ended with %s, not %s", got, args[0])
	}
}

// sametree A B checks that two editions have the same files with the same
// bytes; what Stet keeps there for itself does not count.
func sameTree(ts *testscript.TestScript, neg bool, args []string) {
	a, b := treeOf(ts, args[0]), treeOf(ts, args[1])
	differ := ""
	for name := range a {
		if b[name] == nil || !bytes.Equal(a[name], b[name]) {
			differ = name
		}
	}
	for name := range b {
		if a[name] == nil {
			differ = name
		}
	}
	if (differ != "") != neg {
		ts.Fatalf("%s and %s: the difference is %q", args[0], args[1], differ)
	}
	if len(a) == 0 {
		ts.Fatalf("%s is empty", args[0])
	}
}

// tree DIR lists the files of a folder in the file listing.
func listTree(ts *testscript.TestScript, _ bool, args []string) {
	var list bytes.Buffer
	ts.Check(fs.WalkDir(os.DirFS(ts.MkAbs(args[0])), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			list.WriteString(name + "\n")
		}
		return err
	}))
	ts.Check(os.WriteFile(ts.MkAbs("listing"), list.Bytes(), 0o644))
}

// draw FILE draws a picture of 60 by 40 points: a JPEG, or a PNG if it is named
// so, or the beginning of a telephone's HEIC.
func draw(ts *testscript.TestScript, _ bool, args []string) {
	var b bytes.Buffer
	m := image.NewGray(image.Rect(0, 0, 60, 40))
	switch filepath.Ext(args[0]) {
	case ".png":
		ts.Check(png.Encode(&b, m))
	case ".heic":
		b.WriteString("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic")
	default:
		ts.Check(jpeg.Encode(&b, m, nil))
	}
	ts.Check(os.MkdirAll(filepath.Dir(ts.MkAbs(args[0])), 0o755))
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), b.Bytes(), 0o644))
}

// exif FILE REGEXP checks what exiftool, where it is, says of a picture.
func exif(ts *testscript.TestScript, neg bool, args []string) {
	out, err := exec.Command("exiftool", "-a", "-G1", "-s", ts.MkAbs(args[0])).CombinedOutput()
	if errors.Is(err, exec.ErrNotFound) {
		ts.Logf("exiftool is not there, so that it cannot say what it sees")
		return
	}
	ts.Check(err)
	if regexp.MustCompile(args[1]).Match(out) == neg {
		ts.Fatalf("exiftool says\n%s", out)
	}
}

func rewrite(ts *testscript.TestScript, name string, f func(string) string) {
	data, err := os.ReadFile(ts.MkAbs(name))
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(name), []byte(f(string(data))), 0o644))
}

// toWindows gives a text the line ends and the byte order mark of Windows.
func toWindows(text string) string { return "\ufeff" + strings.ReplaceAll(text, "\n", "\r\n") }

// fromWindows takes them away, if all lines have them.
func fromWindows(text string) string {
	if plain := strings.TrimPrefix(strings.ReplaceAll(text, "\r\n", "\n"), "\ufeff"); toWindows(plain) == text {
		return plain
	}
	return text
}

func treeOf(ts *testscript.TestScript, dir string) map[string][]byte {
	files := map[string][]byte{}
	root := os.DirFS(ts.MkAbs(dir))
	ts.Check(fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.Name() == ".stet" {
			if d != nil && d.IsDir() {
				return fs.SkipDir
			}
			return err
		}
		if !d.IsDir() {
			data, err := fs.ReadFile(root, name)
			files[name] = append([]byte{}, data...)
			return err
		}
		return nil
	}))
	return files
}
