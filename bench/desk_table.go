package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
)

// A demand is a figure, and what is asked of it.
type demand struct {
	name            string
	value, required float64
	unit            string
	atLeast         bool // or at most
}

// verdict says whether it is as required.
func (d demand) verdict() string {
	if d.atLeast && d.value >= d.required || !d.atLeast && d.value <= d.required {
		return "REACHED"
	}
	return "MISSED"
}

// bound is the word before what is required.
func (d demand) bound() string {
	if d.atLeast {
		return "at least"
	}
	return "at most"
}

// stetOf finds Stet among darkrooms.
func stetOf(rooms []*darkroom, webp bool) *darkroom {
	for _, r := range rooms {
		if r.name == "stet" && r.webp == webp {
			return r
		}
	}
	return nil
}

// demands are the figures that something is asked of.
func (d *desk) demands() (all []demand) {
	for _, r := range d.rooms {
		if stet := stetOf(d.rooms, r.webp); strings.HasPrefix(r.name, "hugo") {
			times := demand{name: r.title() + "'s time by stet's", value: ratio(median(r.first.walls()), median(stet.first.walls())), unit: "times", atLeast: true}
			if !r.webp {
				times.required = 3
			}
			all = append(all, times)
		}
	}
	for _, r := range []*darkroom{stetOf(d.rooms, false), stetOf(d.rooms, true)} {
		all = append(all, demand{name: r.title() + "'s first build by its second", value: ratio(median(r.first.walls()), median(r.again.walls())),
			required: 200, unit: "times", atLeast: true})
	}
	for _, r := range d.alone {
		all = append(all, demand{name: r.title() + "'s peak memory, one photograph", value: median(r.first.peaks()), required: 150, unit: "MB"})
	}
	for _, s := range d.sharp {
		if vips := d.sharpest(s.kind); s.room.name == "stet" && vips != nil {
			all = append(all, demand{name: s.room.title() + "'s PSNR below that of libvips", value: vips.psnr - s.psnr, required: 0.5, unit: "dB"})
		}
	}
	return all
}

// sharpest is how good libvips is in a format.
func (d *desk) sharpest(kind string) *sharpness {
	for i, s := range d.sharp {
		if s.kind == kind && s.room.onces {
			return &d.sharp[i]
		}
	}
	return nil
}

// report prints the tables, or the object.
func (d *desk) report(stdout io.Writer) error {
	where := stdout
	if d.JSON {
		where = d.stderr
	}
	fmt.Fprintln(where, d.title(fmt.Sprintf("photos, %d of %.0f megapixels in %d widths, load %s", d.N, float64(d.width*(d.width*2/3))/1e6, len(deskWidths), load())))
	for _, print := range []func(io.Writer) error{d.printTimes, d.printSharpness, d.printDemands} {
		if err := print(where); err != nil {
			return err
		}
	}
	if d.JSON {
		return printJSON(stdout, d.rows())
	}
	return nil
}

// printTimes prints what the builds took and made.
func (d *desk) printTimes(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "\twall s\tmin-max\tpeak MB\tCPU s\ta photo\tfiles\tMB\ttime ×\tagain s\tmin-max\tpeak MB\t")
	for _, r := range slices.Concat(d.rooms, d.alone) {
		wall := median(r.first.walls())
		name, times := r.title(), fmt.Sprintf("%.2f", ratio(wall, median(stetOf(d.rooms, r.webp).first.walls())))
		if slices.Contains(d.alone, r) {
			name, times = name+", one photograph", "-"
		}
		again := "\t\t"
		if !r.onces {
			again = timesOf(r.again)
		}
		fmt.Fprintf(t, "%s\t%s\t%.2f\t%.3f\t%d\t%.1f\t%s\t%s\t\n", name, timesOf(r.first), median(r.first.cpus()), wall/float64(r.photos),
			len(r.made), float64(r.made.bytes())/1e6, times, again)
	}
	return t.Flush()
}

// printSharpness prints how good the renditions are.
func (d *desk) printSharpness(w io.Writer) error {
	if len(d.sharp) == 0 {
		return nil
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "beside what libvips makes without loss\tPSNR dB\tSSIM\tMB\t")
	for _, s := range d.sharp {
		fmt.Fprintf(t, "%s of %s\t%.2f\t%.4f\t%.2f\t\n", s.kind, s.room.name, s.psnr, s.ssim, float64(s.bytes)/1e6)
	}
	return t.Flush()
}

// printDemands prints what is asked for, and whether it is reached.
func (d *desk) printDemands(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "\tmeasured\trequired\t\t")
	for _, m := range d.demands() {
		required, verdict := "-", ""
		if m.required > 0 {
			required, verdict = fmt.Sprintf("%s %s %s", m.bound(), short(m.required), m.unit), m.verdict()
		}
		fmt.Fprintf(t, "%s\t%s %s\t%s\t%s\t\n", m.name, short(m.value), m.unit, required, verdict)
	}
	return t.Flush()
}

// rows are the comparisons of the JSON report.
func (d *desk) rows() (all []row) {
	for _, r := range d.rooms {
		stet := stetOf(d.rooms, r.webp)
		format, _, _ := strings.Cut(r.title(), ":")
		name := fmt.Sprintf("%d photos, %s", d.N, format)
		if r == stet {
			all = append(all, newRow(name+", second build", stet.again, "stet, first build", stet.first))
			continue
		}
		all = append(all, newRow(name, stet.first, r.name, r.first))
	}
	for _, r := range d.alone {
		format, _, _ := strings.Cut(r.title(), ":")
		all = append(all, newRow("one photo, "+format, r.first, "", nil))
	}
	return all
}

// load is how many programs wanted to run in the last minutes, where the system
// tells.
func load() string {
	text, err := os.ReadFile("/proc/loadavg")
	if fields := strings.Fields(string(text)); err == nil && len(fields) > 3 {
		return strings.Join(fields[:3], " ")
	}
	return "unknown"
}
