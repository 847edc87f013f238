package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"time"
)

// deskWidths are those that each photograph is made in. The layouts in photos/
// name them too.
var deskWidths = []int{320, 640, 960, 1280, 1920}

// secondBuilds is how often each paper is built again after a first build: that
// takes so little that one alone says nothing.
const secondBuilds = 3

// A darkroom is one contestant, in the fallback format or in the modern one too.
type darkroom struct {
	name   string
	webp   bool
	photos int
	paper  paper
	build  builder
	onces  bool // it keeps nothing, and is not asked twice

	first, again series
	made         renditions // of the last run
}

// title says what a darkroom makes.
func (d *darkroom) title() string {
	if d.webp {
		return "JPEG and WebP: " + d.name
	}
	return "JPEG: " + d.name
}

// A desk is a run of the bench's photographs.
type desk struct {
	options
	width      int // of the photographs
	quiet      time.Duration
	stet, hugo string
	vips       string // its version; "" where it is missing
	take       func(folder string) error
	work       string
	rooms      []*darkroom // the contestants
	alone      []*darkroom // Stet with one photograph, for its memory
	sharp      []sharpness
	stderr     io.Writer
}

// runPhotos is `bench photos`: photographs in five widths, by Stet, Hugo and
// libvips in turn.
func runPhotos(args []string, stdout, stderr io.Writer) error {
	d := &desk{width: cameraWidth, quiet: quiet, stderr: stderr}
	flags := flag.NewFlagSet("photos", flag.ContinueOnError)
	flags.SetOutput(stderr)
	d.add(flags, 60, 3)
	rest, err := parseAnywhere(flags, args)
	if err != nil {
		return err
	}
	if len(rest) > 0 || d.N < 1 || d.N > 1000 || d.Runs < 1 {
		return usageError("usage: go run ./bench photos [-n 60] [-dir /dev/shm] [-runs 3] [-seed 1] [-keep] [-json]; at most 1000 photographs")
	}
	const ofPhoto, ofRenditions = 10_000_000, 2_500_000
	work, done, err := d.workFolder(100_000_000+int64(d.N)*(ofPhoto+8*ofRenditions), stderr)
	if err != nil {
		return err
	}
	defer done()
	d.work = work
	if d.hugo, d.stet, err = findBoth(newSites(work), stderr); err != nil {
		return err
	}
	d.vips = vipsVersion()
	self, err := os.Executable()
	if err != nil {
		return err
	}
	d.take = func(folder string) error {
		_, err := measure(work, self, "camera", folder, strconv.Itoa(d.N), "-seed", strconv.FormatUint(d.Seed, 10))
		return err
	}
	if err := d.run(); err != nil {
		return err
	}
	return d.report(stdout)
}

// run takes the photographs, measures, and checks that all did the same work.
func (d *desk) run() error {
	fmt.Fprintf(d.stderr, "taking %d photographs\n", d.N)
	if err := d.prepare(); err != nil {
		return err
	}
	time.Sleep(d.quiet)
	for run := range d.Runs {
		for _, r := range slices.Concat(d.rooms, d.alone) {
			if err := d.measure(r, run); err != nil {
				return fmt.Errorf("%s: %w", r.title(), err)
			}
		}
	}
	return d.compare()
}

// measure builds from nothing, and again.
func (d *desk) measure(r *darkroom, run int) error {
	took, err := r.paper.first(r.build)
	if err != nil {
		return err
	}
	r.first = append(r.first, took)
	fmt.Fprintf(d.stderr, "run %d of %d: %-32s %s\n", run+1, d.Runs, fmt.Sprintf("%s, %d", r.title(), r.photos), took)
	if r.made, err = developed(r.paper.Out); err != nil {
		return err
	}
	if err := r.made.check(r.photos, d.width, r.webp); err != nil {
		return err
	}
	if r.onces {
		return nil
	}
	for range secondBuilds {
		took, err := r.build(r.paper)
		if err != nil {
			return err
		}
		r.again = append(r.again, took)
	}
	after, err := developed(r.paper.Out)
	if err == nil && !slices.Equal(after, r.made) {
		err = errors.New("the second build has other renditions than the first")
	}
	return err
}

// prepare takes the photographs and writes the papers that show them.
func (d *desk) prepare() error {
	photos := filepath.Join(d.work, "photos")
	if err := d.take(photos); err != nil {
		return err
	}
	if d.vips == "" {
		fmt.Fprintln(d.stderr, "there is no vipsthumbnail here (Debian: libvips-tools): libvips and the comparison of quality are left out")
	}
	for _, webp := range []bool{false, true} {
		for _, r := range []struct {
			name   string
			photos int
			to     *[]*darkroom
			build  builder
			write  func(dir string, webp bool) error
		}{
			{"hugo " + hugoVersion, d.N, &d.rooms, withHugo(d.hugo), writeHugoDesk},
			{"stet", d.N, &d.rooms, withStet(d.stet), writeStetDesk},
			{"libvips " + d.vips, d.N, &d.rooms, withVips(webp), nil},
			{"stet", 1, &d.alone, withStet(d.stet), writeStetDesk},
		} {
			room := &darkroom{name: r.name, webp: webp, photos: r.photos, build: r.build, onces: r.write == nil,
				paper: newPaper(d.work, fmt.Sprintf("desk%d%d", len(d.rooms), len(d.alone)))}
			if r.write == nil {
				if d.vips == "" {
					continue
				}
				room.paper.Dir = photos
			} else if err := writeStories(room.paper.Dir, photos, r.photos); err != nil {
				return err
			} else if err := r.write(room.paper.Dir, webp); err != nil {
				return err
			}
			*r.to = append(*r.to, room)
		}
	}
	return nil
}

// writeStories writes an article for each photograph, which lies beside it
// under a second name.
func writeStories(dir, photos string, n int) error {
	for k := range n {
		folder := filepath.Join(dir, "content", "news", fmt.Sprintf("story-%03d", k))
		text := fmt.Sprintf("---\ntitle: \"Story %d\"\ndate: %s\nimage:\n  src: %s\n  alt: \"A hill\"\n  credit: \"The Courier\"\n---\nThe hill as it was.\n",
			k, archiveStart.AddDate(0, 0, k).Format(time.RFC3339), cameraFile(k))
		if err := writeFile(filepath.Join(folder, "index.md"), text); err != nil {
			return err
		}
		if err := linkFile(filepath.Join(photos, cameraFile(k)), filepath.Join(folder, cameraFile(k))); err != nil {
			return err
		}
	}
	return nil
}

// writeStetDesk writes Stet's settings and layouts.
func writeStetDesk(dir string, webp bool) error {
	settings := siteHead + fmt.Sprintf("archive: off\nimages: {webp: %t, quality: 80}\nfeeds: {formats: [], terms: false}\n", webp)
	if err := writeFile(filepath.Join(dir, "site.yaml"), settings); err != nil {
		return err
	}
	return unpack("photos/stet", dir)
}

// writeHugoDesk writes Hugo's.
func writeHugoDesk(dir string, webp bool) error {
	if err := unpack("photos/hugo", dir); err != nil {
		return err
	}
	settings, err := os.ReadFile(filepath.Join(dir, "hugo.toml"))
	if err != nil {
		return err
	}
	return writeFile(filepath.Join(dir, "hugo.toml"), string(settings)+fmt.Sprintf("[params]\n  webp = %t\n", webp))
}

// withVips makes the renditions alone, of all photographs in one width after
// the other, as vipsthumbnail does it.
func withVips(webp bool) builder {
	return func(p paper) (usage, error) {
		photos, err := filepath.Glob(filepath.Join(p.Dir, "*.jpg"))
		if err != nil {
			return usage{}, err
		}
		endings := []string{"jpg[Q=80,strip]"}
		if webp {
			endings = append(endings, "webp[Q=80,strip]")
		}
		var all usage
		for _, ending := range endings {
			for _, width := range deskWidths {
				to := filepath.Join(p.Out, fmt.Sprintf("%%s-%d.%s", width, ending))
				took, err := measure(p.Dir, append([]string{"vipsthumbnail", "-s", fmt.Sprintf("%dx", width), "-o", to}, photos...)...)
				if err != nil {
					return usage{}, err
				}
				all = usage{Wall: all.Wall + took.Wall, CPU: all.CPU + took.CPU, Peak: max(all.Peak, took.Peak)}
			}
		}
		return all, nil
	}
}

// vipsVersion is that of the libvips programs here, "" if they are missing.
func vipsVersion() string {
	if _, err := exec.LookPath("vipsthumbnail"); err != nil {
		return ""
	}
	out, err := exec.Command("vips", "--version").Output()
	var version string
	if _, wrong := fmt.Sscanf(string(out), "vips-%s", &version); err != nil || wrong != nil {
		return ""
	}
	return version
}
