package service

import (
	"context"
	"net/netip"
	"sync"
	"time"
)

// A Limit is how many in which time.
type Limit struct {
	Most int
	Per  time.Duration
}

// Limits are how many are taken from one address, from its network, and for one
// story. Many readers may share an address, so they are far above what one writes.
type Limits struct{ Address, Network, Story Limit }

var (
	usualComments = Limits{Limit{10, 10 * time.Minute}, Limit{40, 10 * time.Minute}, Limit{300, 10 * time.Minute}}
	usualRatings  = Limits{Limit{30, 10 * time.Minute}, Limit{120, 10 * time.Minute}, Limit{3000, 10 * time.Minute}}
)

func (l Limits) or(usual Limits) Limits {
	for of, other := range map[*Limit]Limit{&l.Address: usual.Address, &l.Network: usual.Network, &l.Story: usual.Story} {
		if of.Most == 0 {
			*of = other
		}
	}
	return l
}

// allow tells how long one has to wait with what he sends, which is mostly not at
// all. The store counts, so that all instances count together; what it has refused
// is remembered here until it may come again, so that a flood does not reach it.
func (s *Service) allow(ctx context.Context, kind string, l Limits, addr netip.Addr, story string) (time.Duration, error) {
	subscriber, network := parts(addr)
	now := s.Now()
	buckets := make([]string, 3)
	for i, what := range []string{subscriber, network, story} {
		bucket, err := s.hash(ctx, kind+[]string{" address", " network", " story"}[i], what)
		if err != nil {
			return 0, err
		}
		if wait := s.full.wait(bucket, now); wait > 0 {
			return wait, nil
		}
		buckets[i] = kind + " " + bucket
	}
	for i, limit := range []Limit{l.Address, l.Network, l.Story} {
		ok, wait, err := s.store.Allow(ctx, buckets[i], limit.Most, limit.Per, now)
		if err != nil {
			return 0, err
		}
		if !ok {
			wait = max(wait, time.Second)
			s.full.set(buckets[i][len(kind)+1:], now.Add(wait))
			return wait, nil
		}
	}
	return 0, nil
}

// full are the buckets of which the store has said that they are, and until when.
type full struct {
	mu    sync.Mutex
	until map[string]time.Time
}

// remembered is how many are. A flood from more addresses than that reaches the
// store now and then.
const remembered = 1 << 15

func (f *full) wait(bucket string, now time.Time) time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.until[bucket].Sub(now)
}

func (f *full) set(bucket string, until time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.until == nil {
		f.until = map[string]time.Time{}
	}
	for b := range f.until { // any
		if len(f.until) < remembered {
			break
		}
		delete(f.until, b)
	}
	f.until[bucket] = until
}
