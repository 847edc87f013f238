package main

import (
	"cmp"
	"context"
	"errors"
	"os"
	"os/exec"
	"slices"
	"strings"

	"stet/internal/threads"
)

// A gitHeld is a file that commits of git hold with a comment in it.
type gitHeld struct {
	path       string
	first, day string // the commit from which on, and its day
	commits    int    // that changed these comments
}

// heldByGit lists the files of comments whose history has one of these IDs. It is
// nil if there is no git, or the site is in none.
func heldByGit(ctx context.Context, dir string, ids []string) ([]gitHeld, error) {
	if _, err := exec.LookPath("git"); err != nil {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, gitPatience)
	defer cancel()
	if _, err := git(ctx, dir, "rev-parse", "--is-inside-work-tree"); err != nil {
		return nil, nil
	}
	if _, err := git(ctx, dir, "rev-parse", "--verify", "--quiet", "HEAD"); err != nil {
		return nil, nil // nothing was ever committed
	}
	all := map[string]*gitHeld{}
	for some := range slices.Chunk(ids, 100) {
		out, err := git(ctx, dir, "log", "--all", "--no-textconv", "--no-ext-diff", "--no-renames", "--relative", "--name-only", "--format=%x00%h %as", "-z",
			`-G"(`+strings.Join(some, "|")+`)"`, "--", threads.Comments)
		if err != nil {
			return nil, err
		}
		takeLog(all, out)
	}
	var list []gitHeld
	for _, h := range all {
		list = append(list, *h)
	}
	slices.SortFunc(list, func(a, b gitHeld) int { return cmp.Compare(a.path, b.path) })
	return list, nil
}

// takeLog reads what git log says, the newest commit first.
func takeLog(all map[string]*gitHeld, out string) {
	commit, day := "", ""
	for part := range strings.SplitSeq(out, "\x00") {
		part = strings.Trim(part, "\n")
		if hash, date, ok := strings.Cut(part, " "); ok && len(date) == len("2026-11-22") && !strings.HasPrefix(part, threads.Comments) {
			commit, day = hash, date
			continue
		}
		if part == "" || commit == "" {
			continue
		}
		h := all[part]
		if h == nil {
			h = &gitHeld{path: part}
			all[part] = h
		}
		h.first, h.day = commit, day
		h.commits++
	}
}

// git runs git and returns what it prints. It does not ask for anything.
func git(ctx context.Context, dir string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "git", append([]string{"-C", dir, "--no-pager", "-c", "core.fsmonitor=false", "-c", "core.quotePath=false", "-c", "log.showSignature=false"}, args...)...)
	cmd.Env = append(os.Environ(), "GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0", "LC_ALL=C")
	out, err := cmd.Output()
	var ended *exec.ExitError
	if errors.As(err, &ended) && len(ended.Stderr) > 0 {
		return "", errors.New(strings.TrimSpace(string(ended.Stderr)))
	}
	return string(out), err
}
