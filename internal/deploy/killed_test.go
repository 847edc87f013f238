package deploy

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// An errand is a deploy that another process does, which can be killed.
type errand struct {
	place
	address string        // of git, if it goes another way than to says
	paper   int           // how many stories it has
	step    int           // how often it was edited
	after   time.Duration // someday
	stop    int           // after how many files it is killed; 0 if it is not
	late    time.Duration // it goes on for that long before it is, if it is not done by then
	workers int
	as      []string // a command that begins it
}

// edition is the paper in one of its states.
func (e errand) edition() Edition {
	p := newPaper(e.paper)
	for step := range e.step {
		p.stories[fmt.Sprintf("story-%03d", 7*step%e.paper)] += fmt.Sprintf(" Edit %d.", step)
		if step%2 == 1 { // styles, a rename and a story that is killed
			p.style = fmt.Sprintf("body{order:%d}", step)
			p.stories[fmt.Sprintf("renamed-%d", step)] = p.stories[fmt.Sprintf("story-%03d", step)]
			delete(p.stories, fmt.Sprintf("story-%03d", step))
			delete(p.stories, fmt.Sprintf("story-%03d", e.paper-step))
		}
	}
	return p.edition()
}

const errandName = "STET_DEPLOY_ERRAND"

// run has another process do it, and tells whether it was killed, and what it says.
func (e errand) run(t testing.TB) (killed bool, said string, err error) {
	t.Helper()
	hold := strconv.FormatBool(e.late == 0)
	args := append(slices.Clone(e.as), os.Args[0], "-test.run=^TestKilled$", "-test.count=1", "-test.timeout=30m")
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env = append(os.Environ(), errandName+"="+strings.Join([]string{e.to, e.home, e.address, e.env["TMPDIR"],
		strconv.Itoa(e.paper), strconv.Itoa(e.step), e.after.String(), strconv.Itoa(e.stop), strconv.Itoa(e.workers), hold}, "\n"))
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if lines.Text() == "now" {
			time.AfterFunc(e.late, func() { cmd.Process.Kill() })
		}
		all.WriteString(lines.Text() + "\n")
	}
	err = cmd.Wait()
	return err != nil && !cmd.ProcessState.Exited(), all.String(), err
}

// doErrand does one, if this process is there for that.
func doErrand(t *testing.T) bool {
	told := strings.Split(os.Getenv(errandName), "\n")
	if len(told) != 10 {
		return false
	}
	number := func(i int) int { n, _ := strconv.Atoi(told[i]); return n }
	after, _ := time.ParseDuration(told[6])
	e := errand{paper: number(4), step: number(5), stop: number(7), workers: number(8)}
	env := map[string]string{"TMPDIR": told[3]}
	for name, value := range storeKeys {
		env[name] = value
	}
	j := place{to: told[0], home: told[1], env: env}.job(t, e.edition())
	if told[2] != "" {
		j.Target.(*branch).address = told[2]
	}
	j.Workers, j.Now = e.workers, func() time.Time { return someday.Add(after) }
	said := false
	j.Progress = func(done, _ int) { // one at a time
		if said || e.stop == 0 || done < e.stop {
			return
		}
		said = true
		fmt.Println("now")
		if told[9] == "true" {
			time.Sleep(time.Hour)
		}
	}
	_, problems := Send(context.Background(), j)
	clear(t, problems)
	return true
}

// A deploy that is killed leaves a lock that expires, and the next one ends what it
// began.
func TestKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("processes that are killed one after the other take their time")
	}
	if doErrand(t) {
		return
	}
	everywhere(t, func(t *testing.T, at place) {
		before, e := newPaper(300), errand{place: at, paper: 300, workers: 2}
		for slug := range before.stories {
			before.stories[slug] += " As it was."
		}
		at.send(t, before.edition())
		for range 3 {
			e.stop = 1 + rand.IntN(290)
			if killed, said, _ := e.run(t); !killed {
				t.Fatalf("it was not killed after %d files: %s", e.stop, said)
			}
			_, problems := Send(context.Background(), at.job(t, e.edition()))
			if len(problems) != 1 || !strings.HasPrefix(problems[0].Text, "ada@desk deploys there since") {
				t.Errorf("%v", problems)
			}
			for _, missing := range at.crawl(at.onDisk) {
				t.Error(missing)
			}
			for _, next := range []Edition{e.edition(), before.edition()} {
				j := at.job(t, next)
				j.Now = func() time.Time { return someday.Add(5 * time.Minute) }
				_, problems = Send(context.Background(), j)
				clear(t, problems)
				at.equals(t, next)
			}
		}
	})
}

// A published place is one that readers see over HTTP.
type published struct {
	place
	url     string
	refresh func()                           // has them see what was sent, where that is another step
	stays   *atomic.Pointer[map[string]bool] // pages of stories that are to stay: those of others go before what leads to them
}

// serve has readers see a place.
func serve(t *testing.T, at place, refresh func()) published {
	server := httptest.NewServer(http.FileServer(http.Dir(at.dir)))
	t.Cleanup(server.Close)
	return published{at, server.URL, refresh, new(atomic.Pointer[map[string]bool])}
}

func (p published) read(name string) (string, bool) {
	answer, err := http.Get(p.url + URL("/", name))
	if err != nil {
		return "", false
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	return string(data), err == nil && answer.StatusCode == http.StatusOK
}

// crawled goes round and round until it is stopped, and tells how often it did.
func (p published) crawled(t *testing.T) (stop func() int) {
	end, rounds := make(chan struct{}), make(chan int)
	go func() {
		for n := 0; ; n++ {
			select {
			case <-end:
				rounds <- n
				return
			default:
			}
			time.Sleep(10 * time.Millisecond) // for those that work
			for _, missing := range p.crawl(p.read) {
				_, to, _ := strings.Cut(missing, " leads to ")
				if stays := *p.stays.Load(); stays[to] || !strings.HasPrefix(to, "news/") {
					t.Error(missing)
				}
			}
		}
	}()
	return func() int { close(end); return <-rounds }
}

// deploysName says of how many files TestDeploys is; go run ./bench soak says
// 10,000.
const deploysName = "STET_DEPLOYS"

// Each kind of target, behind connections that break at random moments, gets a
// paper from processes that are killed at random moments, while a crawler goes
// round all the time: whole at the first, by one file, by all its pages. In the end
// readers see the edition at every address.
func TestDeploys(t *testing.T) {
	if testing.Short() {
		t.Skip("processes that are killed one after the other take their time")
	}
	n := 60
	if s := os.Getenv(deploysName); s != "" {
		var err error
		if n, err = strconv.Atoi(s); err != nil || n < 20 {
			t.Fatalf("%s=%s is no number of files", deploysName, s)
		}
	}
	for name, open := range places(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at := open(t)
			errand := errand{place: at, paper: n}
			var c *cutter
			if name != "folder" {
				c = cutting(t, endpoint(at), map[string]int{"s3": 40_000, "sftp": 300_000}[name]+n*1500) // what Stet writes down of n files must come through now and then
				errand.place = at.through(t, c)
			}
			deploys(t, serve(t, at, func() {}), errand, c)
		})
	}
	t.Run("git", func(t *testing.T) {
		t.Parallel()
		repo, at := aRepository(t, "")
		c := cutting(t, aDaemon(t, repo), 40_000+n*300)
		left := t.TempDir() // of those that are killed
		errand := errand{place: at, paper: n, address: "git://" + c.address + "/paper.git"}
		errand.env = map[string]string{"TMPDIR": left}
		// A host shows a branch by a link to what was checked out.
		shown := at
		shown.dir = filepath.Join(t.TempDir(), "www")
		tip := ""
		deploys(t, serve(t, shown, func() {
			now, err := exec.Command("git", "-C", repo, "rev-parse", "--verify", "--quiet", "gh-pages").Output()
			if err != nil || string(now) == tip {
				return
			}
			tip = string(now)
			at.dir = filepath.Join(filepath.Dir(shown.dir), strings.TrimSpace(tip))
			at.checkout(t, repo, "gh-pages")
			must(t, os.Symlink(at.dir, shown.dir+".new"))
			must(t, os.Rename(shown.dir+".new", shown.dir))
		}), errand, c)
	})
}

func deploys(t *testing.T, at published, e errand, c *cutter) {
	expect := func(e Edition) {
		stays := map[string]bool{}
		for _, s := range e.Stories() {
			stays[s.Path] = true
		}
		at.stays.Store(&stays)
	}
	expect(e.edition())
	stop := at.crawled(t)
	kills, broken := 0, 0
	for step, files := range []int{e.paper, 1, e.paper, 1} {
		e.step = step
		want := e.edition()
		expect(want)
		begun := time.Now()
		for try := 0; ; try++ {
			if e.stop = 0; try < 2 {
				e.stop, e.late = 1+rand.IntN(files), 0
				if try%2 == 1 {
					e.late = time.Duration(1+rand.IntN(20*files)) * time.Millisecond / 20
				}
			}
			if c != nil {
				c.whole.Store(try > 5)
			}
			killed, said, err := e.run(t)
			at.refresh()
			e.after += 6 * time.Minute // the lock expires
			if killed {
				kills++
				continue
			}
			if err == nil {
				break
			}
			t.Logf("step %d was given up: %s", step, said)
			if broken++; try > 8 {
				t.Fatal("again and again")
			}
		}
		seen := at.place
		if name, err := filepath.EvalSymlinks(seen.dir); err == nil {
			seen.dir = name
		}
		seen.equals(t, want)
		for _, f := range want.Files {
			text, _ := at.read(f.Path)
			if data, err := fs.ReadFile(want.FS, f.Path); err != nil || text != string(data) {
				t.Fatalf("step %d: readers see %q at %s, %v", step, text, f.Path, err)
			}
		}
		t.Logf("step %d: %d files after %.1f s", step, len(want.Files), time.Since(begun).Seconds())
	}
	rounds, cuts := stop(), int64(0)
	if c != nil {
		cuts = c.cuts.Load()
	}
	t.Logf("%d killed, %d connections broken, %d given up, %d rounds of the crawler", kills, cuts, broken, rounds)
	if kills < 3 || rounds == 0 || c != nil && cuts == 0 && e.paper >= 1000 {
		t.Error("that is too little to tell anything")
	}
}
