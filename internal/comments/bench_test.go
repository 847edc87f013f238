package comments

import (
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// BenchmarkReaders says how many comments and answers a second a store takes from
// 50 readers at once, and how long it takes for 99 of 100. The figures in
// docs/comments.md are of
//
//	go test ./internal/comments -run '^$' -bench Readers -benchtime 5000x
func BenchmarkReaders(b *testing.B) {
	const readers = 50
	for _, kind := range []string{"sqlite", "postgres"} {
		for _, load := range []struct {
			name string
			do   func(s *Store, n int) error
		}{
			{"comments", func(s *Store, n int) error { // as the service does, with its limits
				for _, bucket := range []string{fmt.Sprint("address ", n), fmt.Sprint("story ", n%100)} {
					if ok, _, err := s.Allow(ctx, bucket, 1000000, time.Minute, noon); err != nil || !ok {
						return fmt.Errorf("%v, %w", ok, err)
					}
				}
				return second(twoOf(s.Add(ctx, Comment{Story: fmt.Sprintf("/%d/", n%100), Lang: "en", Name: "Ada Marsh", Email: "ada@example.com",
					Text: fmt.Sprint("The mill burnt, and nobody was told. ", n), Source: "0123456789abcdef"}, fmt.Sprint(n))))
			}},
			{"ratings", func(s *Store, n int) error {
				return second(s.Rate(ctx, fmt.Sprintf("/%d/", n%100), n%3 > 0, Voter{Cookie: fmt.Sprint(n), Address: fmt.Sprint("a", n)}))
			}},
			{"ratings of one story", func(s *Store, n int) error {
				return second(s.Rate(ctx, "/fire/", n%3 > 0, Voter{Cookie: fmt.Sprint(n), Address: fmt.Sprint("a", n)}))
			}},
		} {
			b.Run(kind+"/"+load.name, func(b *testing.B) {
				where := filepath.Join(b.TempDir(), "comments.db")
				if kind == "postgres" {
					where = postgres(b).database(b)
				}
				s := open(b, where)
				took := make([]time.Duration, b.N)
				var next atomic.Int64
				var wg sync.WaitGroup
				b.ResetTimer()
				for range readers {
					wg.Go(func() {
						for n := int(next.Add(1)) - 1; n < b.N; n = int(next.Add(1)) - 1 {
							start := time.Now()
							if err := load.do(s, n); err != nil {
								b.Error(err)
							}
							took[n] = time.Since(start)
						}
					})
				}
				wg.Wait()
				b.StopTimer()
				slices.Sort(took)
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "a_second")
				b.ReportMetric(float64(took[b.N*99/100])/1e6, "p99_ms")
				b.ReportMetric(0, "ns/op")
			})
		}
	}
}

func twoOf[A, B any](a A, _ B, err error) (A, error) { return a, err }
