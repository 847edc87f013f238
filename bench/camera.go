package main

import (
	"bufio"
	"flag"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"os"
	"path/filepath"
	"strconv"
)

// cameraWidth is that of 24 megapixels, three wide and two high.
const cameraWidth = 6000

// runCamera is `bench camera OUT N [-width 6000] [-seed 1]`. It is a program of
// its own for `bench photos`, which would else be measured with the memory that
// drawing takes.
func runCamera(args []string, _, stderr io.Writer) error {
	flags := flag.NewFlagSet("camera", flag.ContinueOnError)
	flags.SetOutput(stderr)
	width := flags.Int("width", cameraWidth, "of the photographs in pixels")
	seed := flags.Uint64("seed", 1, "another seed makes other photographs")
	names, err := parseAnywhere(flags, args)
	if err != nil {
		return err
	}
	if len(names) != 2 || *width < 3 || *width > 20000 {
		return usageError("usage: go run ./bench camera OUT N [-width 6000] [-seed 1]")
	}
	n, err := strconv.Atoi(names[1])
	if err != nil || n < 1 {
		return usageError(fmt.Sprintf("%q is not a number of photographs", names[1]))
	}
	return takePhotos(names[0], n, *width, *seed)
}

// cameraFile is the name of the k-th photograph.
func cameraFile(k int) string { return fmt.Sprintf("photo-%03d.jpg", k) }

// takePhotos writes photographs as a camera's into the folder.
func takePhotos(folder string, n, width int, seed uint64) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	c := newCamera(seed)
	m := image.NewYCbCr(image.Rect(0, 0, width, width*2/3), image.YCbCrSubsampleRatio420)
	for k := range n {
		c.draw(m, &dice{state: seed<<20 + uint64(k)})
		if err := writeJPEG(filepath.Join(folder, cameraFile(k)), m); err != nil {
			return err
		}
	}
	return nil
}

// writeJPEG writes a picture in a camera's quality.
func writeJPEG(path string, m image.Image) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	b := bufio.NewWriterSize(f, 1<<16)
	err = jpeg.Encode(b, m, &jpeg.Options{Quality: 90})
	if err == nil {
		err = b.Flush()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	return err
}

// textureSize is how wide and high the camera's texture and its noise are: a
// power of two. Both are laid beside themselves.
const textureSize = 2048

// A camera draws photographs quickly: all have the same texture and noise, each
// at another place.
type camera struct {
	texture []int8 // leaves and stones: detail of all sizes, more of the coarse
	noise   []int8 // of the sensor
}

func newCamera(seed uint64) *camera {
	d := &dice{state: seed}
	c := &camera{texture: make([]int8, textureSize*textureSize), noise: make([]int8, textureSize*textureSize)}
	sum := make([]int16, len(c.texture))
	for cell, height := 512, 26; cell >= 2; cell, height = cell/2, max(height*3/4, 18) {
		addTexture(sum, d, cell, height)
	}
	for i, v := range sum {
		c.texture[i] = int8(max(-127, min(v, 127)))
		r := d.next()
		c.noise[i] = int8((int(r&15) + int(r>>8&15) + int(r>>16&15) + int(r>>24&15) - 30) / 3)
	}
	return c
}

// addTexture adds hills at the corners of cells, and slopes between them.
func addTexture(sum []int16, d *dice, cell, height int) {
	cells := textureSize / cell
	hills := make([]int, cells*cells)
	for i := range hills {
		hills[i] = d.between(-height, height)
	}
	at := func(x, y int) int { return hills[y%cells*cells+x%cells] }
	for y := range textureSize {
		row, down := y/cell, y%cell
		for x := range textureSize {
			column, right := x/cell, x%cell
			upper := at(column, row)*(cell-right) + at(column+1, row)*right
			lower := at(column, row+1)*(cell-right) + at(column+1, row+1)*right
			sum[y*textureSize+x] += int16((upper*(cell-down) + lower*down) / (cell * cell))
		}
	}
}

// A ground is a part of a photograph that has one colour and so much texture, in
// sixteenths.
type ground struct{ luma, cb, cr, rough int }

// draw draws a sky, a sun and a hill, in colours and places that the dice give.
func (c *camera) draw(m *image.YCbCr, d *dice) {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	sky := ground{d.between(150, 200), d.between(135, 155), d.between(105, 120), d.between(1, 3)}
	sun := ground{235, d.between(90, 110), d.between(135, 150), 1}
	land := ground{d.between(70, 120), d.between(100, 120), d.between(120, 140), d.between(14, 20)}
	sunX, sunY, sunR := d.between(w/8, w*7/8), d.between(h/8, h/3), d.between(h/30, h/10)
	left, right := d.between(h/4, h/2), d.between(h/4, h/2)
	from := d.below(len(c.texture))
	of := func(x, y, detail int) ground {
		if y+detail > left+(right-left)*x/w {
			return land
		}
		if (x-sunX)*(x-sunX)+(y-sunY)*(y-sunY) < sunR*sunR {
			return sun
		}
		return sky
	}
	for y := range h {
		row := m.Y[y*m.YStride:][:w]
		for x := range row {
			i := (from + y*textureSize + x) & (len(c.texture) - 1)
			g := of(x, y, int(c.texture[i]))
			row[x] = clamped(g.luma + 40*y/h + int(c.texture[i])*g.rough/16 + int(c.noise[i]))
		}
	}
	for y := range (h + 1) / 2 {
		cb, cr := m.Cb[y*m.CStride:][:(w+1)/2], m.Cr[y*m.CStride:][:(w+1)/2]
		for x := range cb {
			i := (from + 2*y*textureSize + 2*x) & (len(c.texture) - 1)
			g := of(2*x, 2*y, int(c.texture[i]))
			tint := int(c.texture[len(c.texture)-1-i]) * g.rough / 64
			cb[x], cr[x] = clamped(g.cb+tint+int(c.noise[i])/2), clamped(g.cr-tint+int(c.noise[len(c.noise)-1-i])/2)
		}
	}
}

// clamped is the nearest value that a sample can have.
func clamped(v int) byte { return byte(max(0, min(v, 255))) }
