package deploy

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"stet/internal/diag"
)

// A Verifier reads back over HTTP what a deploy has changed.
type Verifier struct {
	Client *http.Client
	Tries  int           // a cache on the way may need a moment; 3 if 0
	Pause  time.Duration // between them; 2 seconds if 0
}

// Verify says which addresses do not have what was sent, and what should be gone
// but is not. It returns how many it has read.
func (v Verifier) Verify(ctx context.Context, rep Report) (read int, problems []diag.Problem) {
	var changes []Change
	for _, c := range rep.Changes {
		if !unserved(c.Path) {
			changes = append(changes, c)
		}
	}
	if v.Tries == 0 {
		v.Tries, v.Pause = 3, 2*time.Second
	}
	var mu sync.Mutex
	err := inParallel(ctx, 8, changes, func(ctx context.Context, c Change) error {
		at := URL(rep.BaseURL, c.Path)
		var wrong error
		for n := range v.Tries {
			if n > 0 && pause(ctx, v.Pause) != nil {
				break
			}
			if wrong = v.one(ctx, at, c, rep.Sums[c.Path]); wrong == nil {
				return nil
			}
		}
		mu.Lock()
		defer mu.Unlock()
		problems = append(problems, diag.Problem{Severity: diag.Error, Path: at, Text: wrong.Error(),
			Hint: "if a CDN has the old one, have it forget what --purge-file lists; else see to it that base_url leads to the target"})
		return nil
	})
	if err != nil {
		problems = append(problems, problem(rep.BaseURL, err))
	}
	slices.SortFunc(problems, func(a, b diag.Problem) int { return strings.Compare(a.Path, b.Path) })
	return len(changes), problems
}

// unserved tells whether a host keeps a file to itself.
func unserved(name string) bool {
	return name == "_headers" || name == "_redirects" || name == "404.html" || strings.HasPrefix(name, ".") && !strings.HasPrefix(name, ".well-known/")
}

func (v Verifier) one(ctx context.Context, at string, c Change, sum string) error {
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, at, nil)
	if err != nil {
		return err
	}
	q.Header.Set("Cache-Control", "no-cache")
	client := *v.Client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	r, err := client.Do(q)
	if err != nil {
		return err
	}
	defer r.Body.Close()
	if c.File == nil {
		if r.StatusCode < 300 {
			return errors.New("it should be gone, and is still there")
		}
		return nil
	}
	if to := c.File.Header.Redirect; to != "" && r.StatusCode >= 300 && r.StatusCode < 400 {
		return nil
	}
	if r.StatusCode != http.StatusOK {
		return fmt.Errorf("the server answers %s", r.Status)
	}
	got := sha256.New()
	if _, err := io.Copy(got, r.Body); err != nil {
		return err
	}
	if hex.EncodeToString(got.Sum(nil)) != sum {
		return errors.New("something else is there than was sent")
	}
	return nil
}
