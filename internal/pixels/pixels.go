// Package pixels turns a picture into the sizes that were asked for.
//
// [Look] says from the first bytes what a picture is (look.go, formats.go) and
// refuses what is too large, before anything is decoded. [Make] decodes it once
// (decode.go, jpeg.go), into planes of 8 bits a sample (plane.go), and makes
// every rendition from these: the part that is wanted (frame.go) is scaled
// (scale.go), turned upright, brought to sRGB by its ICC profile (convert.go,
// profile.go, lut.go), and encoded (encode.go).
//
// What comes out is upright, in sRGB, without a profile and without any other
// metadata. The same bytes and jobs give the same renditions on every machine:
// samples are integers, and what must be a fraction is computed by functions of
// our own that no processor rounds in its own way (arith.go).
//
// It scales the values as they are stored, not linear light, as libvips and
// browsers do; the tests hold the result beside libvips.
package pixels

import (
	"errors"
	"fmt"
	"image"
	"io"
	"runtime"
)

// A Job asks for one rendition.
type Job struct {
	// Width in pixels. It is the picture's own where it is 0 or larger than that:
	// nothing is scaled up.
	Width int
	// Ratio is width and height of the part that is shown, such as 16 and 9; that
	// of the picture where one of them is 0.
	Ratio [2]int
	// Focus is the point around which is cropped, in fractions of the upright
	// picture from the left and from the top. See [Centre].
	Focus [2]float64
	// Type is "image/jpeg", "image/webp" or "image/png", whatever the source is:
	// pictures with an [Info] of Alpha, and drawings, want PNG. What is transparent
	// is white in the other two.
	Type string
	// Quality of a JPEG, or of a WebP file on libwebp's scale, from 1 to 100; 0 is 80.
	Quality int
}

// Centre is the focus of a picture of which nobody said what matters.
var Centre = [2]float64{0.5, 0.5}

// A Rendition is a picture as a [Job] asked for it.
type Rendition struct {
	Width, Height int
	Type          string
	Data          []byte
}

// Limits are the bounds of what is decoded.
type Limits struct {
	Pixels int64 // 100 million where it is 0
	Memory int64 // estimated bytes for decoding and scaling; unbounded where it is 0
}

var (
	// ErrUnknown tells that the bytes are no picture of a kind known here.
	ErrUnknown = errors.New("unknown format")
	// ErrBroken tells that a picture is damaged, cut short, or uses what nobody
	// reads. It is wrapped in an error that says more.
	ErrBroken = errors.New("broken picture")
)

// TooLarge is the error of a picture beyond the limits.
type TooLarge struct {
	Width, Height int
	Memory        int64 // estimated bytes, if that is what is too much; else 0
}

func (e *TooLarge) Error() string {
	if e.Memory > 0 {
		return fmt.Sprintf("%d × %d pixels, which need %d MB of memory", e.Width, e.Height, e.Memory>>20)
	}
	return fmt.Sprintf("%d × %d pixels", e.Width, e.Height)
}

// Unscaled is the error of a picture that is known, but not scaled: one to be
// kept as it is (an animation, AVIF, SVG), or one that no browser shows (HEIC,
// RAW).
type Unscaled struct {
	Kind string // such as "HEIC" or "animated GIF"
	Keep bool   // browsers show the file as it is
}

func (e *Unscaled) Error() string { return "the format " + e.Kind + " is not scaled" }

// Make decodes a picture and makes a rendition for each job, in their order.
// The orientation is that of EXIF, from 1 to 8; any other is taken for 1.
//
// The error is one of reading, or an [ErrUnknown], [ErrBroken], [*TooLarge] or
// [*Unscaled].
func Make(src io.ReadSeeker, orientation int, jobs []Job, limits Limits) ([]Rendition, error) {
	for _, j := range jobs {
		if err := j.check(); err != nil {
			return nil, err
		}
	}
	info, err := Look(src, limits)
	if err != nil || len(jobs) == 0 {
		return nil, err
	}
	p, err := decode(src, info, levelsFor(info, orientation, jobs))
	if err != nil {
		return nil, err
	}
	if info.progressed || info.deep {
		runtime.GC() // what it was decoded from is larger than all that is still to come
	}
	renditions := make([]Rendition, len(jobs))
	var m image.Image
	for i, j := range jobs {
		if i == 0 || !j.shows(jobs[i-1]) {
			m = p.render(j, orientation)
		}
		if renditions[i], err = encode(m, j); err != nil {
			return nil, err
		}
	}
	return renditions, nil
}

// lossy tells whether a rendition is one of photographs.
func (j Job) lossy() bool { return j.Type != "image/png" }

// shows tells whether a rendition shows the same as another, in another format
// or quality.
func (j Job) shows(other Job) bool {
	return j.lossy() == other.lossy() && j.Width == other.Width && j.Ratio == other.Ratio && j.Focus == other.Focus
}

func (j Job) check() error {
	if j.Type != "image/jpeg" && j.Type != "image/webp" && j.Type != "image/png" {
		return fmt.Errorf("no renditions are made as %q", j.Type)
	}
	return nil
}
