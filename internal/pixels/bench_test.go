package pixels

import (
	"bytes"
	"fmt"
	"image/jpeg"
	"slices"
	"testing"
)

var widths = []int{320, 640, 960, 1280, 1920}

func fiveJobs() (jobs []Job) {
	for _, w := range widths {
		jobs = append(jobs, Job{Width: w, Type: "image/jpeg", Focus: Centre})
	}
	return jobs
}

func BenchmarkMake24MP(b *testing.B) {
	data := asJPEG(b, large(), 90)
	b.Logf("%d bytes", len(data))
	for b.Loop() {
		if _, err := Make(bytes.NewReader(data), 1, fiveJobs(), Limits{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecode24MP(b *testing.B) {
	data := asJPEG(b, large(), 90)
	b.Run("std", func(b *testing.B) {
		for b.Loop() {
			if _, err := jpeg.Decode(bytes.NewReader(data)); err != nil {
				b.Fatal(err)
			}
		}
	})
	for shrink := range 4 {
		b.Run(fmt.Sprint("own/", 1<<shrink), func(b *testing.B) {
			for b.Loop() {
				if _, err := decodeJPEG(data, 6000, 4000, []int{shrink}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkScale(b *testing.B) {
	p := pictureOf(large())
	var levels [][]plane
	for _, q := range p.levels {
		levels = append(levels, q[:1:1])
	}
	for _, w := range widths {
		b.Run(fmt.Sprint(w), func(b *testing.B) {
			for b.Loop() {
				p.levels = slices.Clone(levels)
				f := framed(p.w, p.h, 1, Job{Width: w})
				for i := range p.levels {
					p.component(i, f, i > 0)
				}
			}
		})
	}
}
