package main

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
)

// photoCount is the number of pictures that the archive's articles share.
const photoCount = 200

// photo draws the k-th picture: a sky, a hill and a sun in colours of its own.
func photo(k int) ([]byte, error) {
	d := &dice{state: uint64(k) + 1}
	const w, h = 96, 64
	sky := color.RGBA{uint8(d.between(90, 220)), uint8(d.between(120, 220)), uint8(d.between(160, 250)), 255}
	land := color.RGBA{uint8(d.between(30, 120)), uint8(d.between(50, 140)), uint8(d.between(20, 90)), 255}
	sun := color.RGBA{250, uint8(d.between(180, 240)), uint8(d.between(60, 160)), 255}
	sunX, sunY, sunR := d.between(12, w-12), d.between(8, h/2), d.between(4, 10)
	left, right := d.between(h/2, h-8), d.between(h/2, h-8)
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := sky
			if (x-sunX)*(x-sunX)+(y-sunY)*(y-sunY) < sunR*sunR {
				c = sun
			}
			if y > left+(right-left)*x/w {
				c = land
			}
			img.SetRGBA(x, y, c)
		}
	}
	var b bytes.Buffer
	err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 60})
	return b.Bytes(), err
}

// writePhotos writes all pictures into the folder.
func writePhotos(folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for k := range photoCount {
		data, err := photo(k)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("%04d.jpg", k)), data, 0o644); err != nil {
			return err
		}
	}
	return nil
}
