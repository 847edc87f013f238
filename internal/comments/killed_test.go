package comments

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// writers is how many write at once, in two processes.
const writers = 50

// beWriter is the process that is killed. It stores a comment for each key that
// it is handed, with an answer, and says so when both are acknowledged.
func beWriter(where string) int {
	ctx := context.Background()
	var store *Store
	patient(func() (err error) { store, err = Open(ctx, where); return err })
	keys := make(chan string, writers)
	var wg sync.WaitGroup
	for range writers / 2 {
		wg.Go(func() {
			for key := range keys {
				var c Comment
				patient(func() (err error) {
					c, _, err = store.Add(ctx, Comment{Story: "/fire/", Name: "Ada", Text: "comment " + key, State: Approved}, key)
					return err
				})
				patient(func() error { _, err := store.Rate(ctx, "/fire/", true, Voter{Cookie: key}); return err })
				fmt.Fprintf(os.Stdout, "%s %s\n", key, c.ID)
			}
		})
	}
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		keys <- lines.Text()
	}
	close(keys)
	wg.Wait()
	return 0
}

// patient does something until it succeeds: the server may be gone for a while.
func patient(do func() error) {
	for try := 0; ; try++ {
		err := do()
		if err == nil {
			return
		}
		if try == 1000 {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// A hand is a process that writes, begun again when it was killed.
type hand struct {
	where string
	todo  []string
	acked map[string]string // the ID that each key was acknowledged with
	*rand.Rand
}

// write runs the process, and kills it once so many keys were acknowledged and a
// moment is gone. It lets it end if that is all of them.
func (h *hand) write(until int) error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), "STET_WRITER="+h.where)
	var rest []string
	for _, key := range h.todo {
		if h.acked[key] == "" {
			rest = append(rest, key)
		}
	}
	cmd.Stdin = strings.NewReader(strings.Join(rest, "\n") + "\n")
	var said strings.Builder
	cmd.Stderr = &said
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	killed := false
	for lines := bufio.NewScanner(out); lines.Scan(); {
		key, id, ok := strings.Cut(lines.Text(), " ")
		if !ok { // the half of a line
			continue
		}
		h.acked[key] = id
		if len(h.acked) >= until && until < len(h.todo) && !killed {
			killed = true
			time.AfterFunc(time.Duration(h.IntN(20000))*time.Microsecond, func() { cmd.Process.Kill() })
		}
	}
	if err := cmd.Wait(); err != nil && !killed {
		return fmt.Errorf("the writer ended: %w\n%s", err, said.String())
	}
	return nil
}

// Fifty write at once, in two processes that both send every key, as two
// instances would to which a reader's browser sends the same twice, and the
// processes are killed while they write. Nothing that was acknowledged is lost,
// nothing is doubled, and who asks for changes meanwhile has learned of
// everything in the end. STET_READERS says how many comments; with it the
// PostgreSQL server is killed too.
func TestReadersKilled(t *testing.T) {
	many, err := strconv.Atoi(os.Getenv("STET_READERS"))
	long := err == nil
	if !long {
		many = 1000
		if testing.Short() {
			many = 200
		}
	}
	kills := max(3, many/1000)
	both(t, func(t *testing.T, where string) {
		store := open(t, where)
		ctx, stop := context.WithCancel(context.Background())
		heard := make(chan map[string]int)
		for range 2 {
			go func() { heard <- follow(ctx, store) }()
		}
		killServer := func() {}
		if long && strings.HasPrefix(where, "postgres:") {
			killServer = func() {
				if err := firstOf(theServer.kill(), theServer.start()); err != nil {
					t.Error(err)
				}
			}
		}
		hands := writeAll(t, where, many, kills, killServer)
		stop()
		compare(t, store, hands, <-heard, <-heard)
	})
}

// writeAll has two processes send all keys, and kills them so often in all.
func writeAll(t *testing.T, where string, many, kills int, killServer func()) (hands [2]*hand) {
	var wg sync.WaitGroup
	for i := range hands {
		h := &hand{where: where, acked: map[string]string{}, Rand: rand.New(rand.NewPCG(uint64(i), uint64(many)))}
		hands[i] = h
		for _, n := range h.Perm(many) {
			h.todo = append(h.todo, fmt.Sprintf("key-%d", n))
		}
		wg.Go(func() {
			mine := (kills + 1 - i) / 2
			for n := 1; n <= mine+1; n++ {
				if err := h.write(n * many / (mine + 1)); err != nil {
					t.Error(err)
					return
				}
				if i == 0 && n <= mine {
					killServer()
				}
			}
		})
	}
	wg.Wait()
	return hands
}

// follow asks for changes until it is over, and says how often it has heard of
// each comment.
func follow(ctx context.Context, store *Store) map[string]int {
	heard := map[string]int{}
	for since := int64(0); ; time.Sleep(3 * time.Millisecond) {
		over := ctx.Err() != nil
		changes, err := store.Changes(context.Background(), since, 50)
		if err != nil {
			continue
		}
		since = changes.Seq
		for _, thread := range changes.Threads {
			for _, c := range thread.Put {
				heard[c.ID]++
			}
		}
		if over && !changes.More {
			return heard
		}
	}
}

// compare holds what is stored against what was acknowledged.
func compare(t *testing.T, store *Store, hands [2]*hand, heard ...map[string]int) {
	t.Helper()
	many := len(hands[0].todo)
	stored := map[string]string{} // IDs by text
	for before := ""; ; {
		list, err := store.Find(context.Background(), Query{Story: "/fire/", Before: before, Limit: 1000})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range list {
			if stored[c.Text] != "" {
				t.Errorf("%q is there twice", c.Text)
			}
			stored[c.Text], before = c.ID, c.ID
		}
		if len(list) == 0 {
			break
		}
	}
	if len(stored) != many {
		t.Errorf("%d of %d are there", len(stored), many)
	}
	for _, h := range hands {
		if len(h.acked) != many {
			t.Errorf("%d of %d were acknowledged", len(h.acked), many)
		}
		for key, id := range h.acked {
			if stored["comment "+key] != id {
				t.Errorf("%s was acknowledged as %s, and is there as %q", key, id, stored["comment "+key])
			}
			for _, times := range heard {
				if times[id] != 1 {
					t.Errorf("whoever follows has heard of %s %d times", key, times[id])
				}
			}
		}
	}
	if tally, err := store.Tally(context.Background(), "/fire/"); err != nil || tally.Yes != many || tally.No != 0 {
		t.Errorf("%d answered: %+v, %v", many, tally, err)
	}
}
